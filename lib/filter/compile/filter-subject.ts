// One event for all filters of a group: each path is read and converted once, when the first filter needs it.
import { addressText } from '../../model/event/object-view.ts';
import { parseEventAddress } from '../../model/network/address.ts';
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

  /** IPv4-mapped addresses stand under `IP6`, and are IPv4 addresses. */
  #read(path: Path): readonly unknown[] {
    const found = readPath(this.#event, path);
    if (path.mapped === undefined) return found;
    const mapped = readPath(this.#event, path.mapped).filter(isMapped);
    return mapped.length === 0 ? found : [...found, ...mapped];
  }

  #column(path: Path): Column {
    let column = this.#columns.get(path.text);
    if (column === undefined) {
      column = { raw: this.#read(path), values: undefined };
      this.#columns.set(path.text, column);
    }
    return column;
  }
}

function isMapped(value: unknown): boolean {
  const text = addressText(value);
  return text !== undefined && parseEventAddress(text, 6)?.family === 4;
}
