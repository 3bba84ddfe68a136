// One event as the filters of a group see it: each path is read and converted once, when the first filter asks for it.
import type { Instant } from '../../model/time.ts';
import type { OperandType } from './operand-type.ts';
import { readPath, type Path } from '../syntax/path.ts';
import { typedValues } from './typed-view.ts';
import type { Value } from './value.ts';

type Event = Readonly<Record<string, unknown>>;

/** What one path finds in the event. */
interface Column {
  readonly raw: readonly unknown[];
  values: readonly Value[] | undefined;
}

/** An event under judgement, at an instant. Cheap to make; {@link FilterSubject.reset} makes it cheaper. */
export class FilterSubject {
  #event: Event;
  #now: Instant;
  readonly #columns = new Map<string, Column>();

  /** @param now what `time()` and `utcnow()` say: the run's `to`, in milliseconds UTC */
  constructor(event: Event, now: Instant) {
    this.#event = event;
    this.#now = now;
  }

  /** Takes another event in place of the one before. */
  reset(event: Event, now: Instant = this.#now): void {
    this.#event = event;
    this.#now = now;
    this.#columns.clear();
  }

  /** Milliseconds UTC. */
  get now(): Instant {
    return this.#now;
  }

  /** The values at the path as they stand in the event, without nulls. */
  raw(path: Path): readonly unknown[] {
    return this.#column(path).raw;
  }

  /** The values at the path as the type of the path wants them. */
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
