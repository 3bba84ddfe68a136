// Operands of comparisons: constants, variables, lists, calls and calculations.
import { calculate, type ArithmeticOperator } from '../value/arithmetic.ts';
import type { OperandType } from './operand-type.ts';
import type { Path } from '../syntax/path.ts';
import { FALSE, TRUE, toTruth, UNKNOWN, type Truth } from './truth.ts';
import type { FilterSubject } from './filter-subject.ts';
import type { Node } from '../syntax/tree.ts';
import { Term } from './term.ts';
import { Time, isTruthy, type Value } from '../value/value.ts';

export class Constant extends Term {
  readonly list: readonly Value[];
  readonly #truth: Truth;
  readonly #written: readonly unknown[];

  /** @param written the literal as it stands in the filter */
  constructor(node: Node, value: Value, written: string) {
    super(node);
    this.list = [value];
    this.#truth = toTruth(isTruthy(value));
    this.#written = [written];
  }

  truth(): Truth {
    return this.#truth;
  }

  values(): readonly Value[] {
    return this.list;
  }

  override rawValues(): readonly unknown[] {
    return this.#written;
  }
}

export class Variable extends Term {
  readonly path: Path;
  readonly type: OperandType;

  constructor(node: Node, path: Path, type: OperandType) {
    super(node);
    this.path = path;
    this.type = type;
  }

  /** Presence, whatever is there. */
  truth(subject: FilterSubject): Truth {
    return toTruth(subject.raw(this.path).length > 0);
  }

  values(subject: FilterSubject): readonly Value[] {
    return subject.values(this.path, this.type);
  }

  override rawValues(subject: FilterSubject): readonly unknown[] {
    return subject.raw(this.path);
  }
}

/** A list of constants only. */
export class ConstantList extends Term {
  readonly list: readonly Value[];
  readonly #written: readonly unknown[];

  constructor(node: Node, parts: readonly Constant[]) {
    super(node, parts);
    this.list = parts.flatMap((part) => part.list);
    this.#written = parts.flatMap((part) => part.rawValues());
  }

  truth(): Truth {
    return TRUE;
  }

  values(): readonly Value[] {
    return this.list;
  }

  override rawValues(): readonly unknown[] {
    return this.#written;
  }
}

/** A list with variables in it: flat, all values of each at its place. */
export class MixedList extends Term {
  truth(subject: FilterSubject): Truth {
    return toTruth(this.parts.some((part) => part.values(subject).length > 0));
  }

  values(subject: FilterSubject): readonly Value[] {
    return this.parts.flatMap((part) => part.values(subject));
  }

  override rawValues(subject: FilterSubject): readonly unknown[] {
    return this.parts.flatMap((part) => part.rawValues(subject));
  }
}

/** One value is a plain value with its own truth, several are a list, none is unknown. */
function truthOfResult(values: readonly Value[]): Truth {
  if (values.length === 0) return UNKNOWN;
  return values.length > 1 ? TRUE : toTruth(isTruthy(values[0]!));
}

export class Calculation extends Term {
  readonly #operator: ArithmeticOperator;

  constructor(node: Node, operator: ArithmeticOperator, parts: readonly [Term, Term]) {
    super(node, parts);
    this.#operator = operator;
  }

  truth(subject: FilterSubject): Truth {
    return truthOfResult(this.values(subject));
  }

  values(subject: FilterSubject): readonly Value[] {
    return calculate(this.#operator, this.parts[0]!.values(subject), this.parts[1]!.values(subject));
  }
}

/** `size(x)`: how many values; none for what is empty or unknown. */
export class Size extends Term {
  truth(subject: FilterSubject): Truth {
    return toTruth(this.parts[0]!.values(subject).length > 0);
  }

  values(subject: FilterSubject): readonly Value[] {
    return [this.parts[0]!.values(subject).length];
  }
}

/** `strlen(x)`: characters of each text; a list when the argument is one, unknown when it has no text. */
export class Length extends Term {
  readonly #list: boolean;

  constructor(node: Node, part: Term) {
    super(node, [part]);
    this.#list = ['variable', 'list'].includes(part.node.kind);
  }

  truth(subject: FilterSubject): Truth {
    const lengths = this.values(subject);
    return this.#list && lengths.length > 0 ? TRUE : truthOfResult(lengths);
  }

  values(subject: FilterSubject): readonly Value[] {
    return this.parts[0]!.values(subject).flatMap((value) =>
      typeof value === 'string' ? [codePoints(value)] : [],
    );
  }
}

function codePoints(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const pair = text.charCodeAt(i) >>> 10 === 0x36 && text.charCodeAt(i + 1) >>> 10 === 0x37;
    if (pair) i++;
    count++;
  }
  return count;
}

/** `time()`: seconds since 1970 with fraction. */
export class EpochSeconds extends Term {
  truth(subject: FilterSubject): Truth {
    return subject.now === 0 ? FALSE : TRUE;
  }

  values(subject: FilterSubject): readonly Value[] {
    return [subject.now / 1000];
  }
}

/** `utcnow()`. */
export class CurrentInstant extends Term {
  truth(): Truth {
    return TRUE;
  }

  values(subject: FilterSubject): readonly Value[] {
    return [new Time(subject.now)];
  }
}
