// and, or, xor, not, exists. The first two return one of their operands, and evaluate no more of them than needed.
import { FALSE, not, TRUE, UNKNOWN, xor, type Truth } from './truth.ts';
import type { FilterSubject } from './filter-subject.ts';
import { Term, TruthTerm } from './term.ts';
import type { Value } from '../value/value.ts';

const NONE: readonly never[] = [];

/** `and` returns the first false operand, `or` the first true one; without one, both return the last. */
abstract class Choice extends Term {
  protected abstract readonly stop: Truth;

  truth(subject: FilterSubject): Truth {
    let result: Truth = this.stop === TRUE ? FALSE : TRUE;
    for (const part of this.parts) {
      const truth = part.truth(subject);
      if (truth === this.stop) return truth;
      if (truth === UNKNOWN) result = UNKNOWN;
    }
    return result;
  }

  values(subject: FilterSubject): readonly Value[] {
    return this.#selected(subject)?.values(subject) ?? NONE;
  }

  override rawValues(subject: FilterSubject): readonly unknown[] {
    return this.#selected(subject)?.rawValues(subject) ?? NONE;
  }

  #selected(subject: FilterSubject): Term | undefined {
    let unknown = false;
    for (const part of this.parts) {
      const truth = part.truth(subject);
      if (truth === this.stop) return part;
      unknown ||= truth === UNKNOWN;
    }
    return unknown ? undefined : this.parts.at(-1);
  }
}

export class AllOf extends Choice {
  protected readonly stop = FALSE;
}

export class AnyOf extends Choice {
  protected readonly stop = TRUE;
}

/** `xor`, grouped from the right. */
export class ExclusiveOr extends TruthTerm {
  truth(subject: FilterSubject): Truth {
    let result = this.parts.at(-1)!.truth(subject);
    for (let i = this.parts.length - 2; i >= 0; i--) result = xor(this.parts[i]!.truth(subject), result);
    return result;
  }
}

export class Negation extends TruthTerm {
  truth(subject: FilterSubject): Truth {
    return not(this.parts[0]!.truth(subject));
  }
}

/** The truth of its operand: of a variable, whether anything is there. */
export class Existence extends TruthTerm {
  truth(subject: FilterSubject): Truth {
    return this.parts[0]!.truth(subject);
  }
}
