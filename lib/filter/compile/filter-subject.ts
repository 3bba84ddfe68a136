// One event for all filters of a group: each path is read and converted once, when the first filter needs it.
import type { Instant } from '../../model/time.ts';
import type { OperandType } from './operand-type.ts';
import { readPath, type Path } from '../syntax/path.ts';
import { typedValues } from './typed-values.ts';
import type { Value } from '../value/value.ts';

type Event = Readonly<Record<string, unknown>>;

/** What one path finds in the event. */
interface Column {
  readonly raw: readonly unknown[];
  values: readonly Value[] | undefined;
}

/** One event at one instant. */
export class FilterSubject {
  readonly #event: Event;
  /** What `time()` and `utcnow()` return: the run's `to`. */
  readonly now: Instant;
  readonly #columns = new Map<string, Column>();

  constructor(event: Event, now: Instant) {
    this.#event = event;
    this.now = now;
  }

  /** The values at the path as they stand in the event, without nulls. */
  raw(path: Path): readonly unknown[] {
    return this.#column(path).raw;
  }

  /** The values at the path, converted to its type. */
  values(path: Path, type: OperandType): readonly Value[] {
    const column = this.#column(path);
    return (column.values ??= typedValues(column.raw, type));
  }

  #column(path: Path): Column {
    let column = this.#columns.get(path.text);
    if (column === undefined) {
      column = { raw: readPath(this.#event, path), values: undefined };
      this.#columns.set(path.text, column);
    }
    return column;
  }
}
