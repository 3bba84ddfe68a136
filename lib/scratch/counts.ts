import type { Database, Statement } from '../store/embedded/database.ts';
import { decodeText, encodeText } from '../store/embedded/text.ts';
import type { ValueCount } from './port.ts';

export const COUNT_TABLES = `
CREATE TABLE counts (lane INTEGER NOT NULL, dimension TEXT NOT NULL, value TEXT NOT NULL, count INTEGER NOT NULL);
`;

const ORDER_INDEX = 'CREATE INDEX IF NOT EXISTS counts_order ON counts (lane, dimension, value, count)';

/** Partial counts of a slice: appended as they come, summed when they are read. */
export class ScratchCounts {
  readonly #db: Database;
  readonly #add: Statement<[]>;
  readonly #largest: Statement<[value: string, count: number]>;
  readonly #total: Statement<[number | null]>;
  readonly #dimensions: Statement<[string]>;
  #ordered = false;

  constructor(db: Database) {
    this.#db = db;
    this.#add = db.prepare('INSERT INTO counts (lane, dimension, value, count) VALUES (?, ?, ?, ?)');
    this.#largest = db.prepare(
      `SELECT value, sum(count) AS total FROM counts WHERE lane = ? AND dimension = ? GROUP BY value
       ORDER BY total DESC, value LIMIT ?`,
    );
    this.#total = db.prepare('SELECT sum(count) FROM counts WHERE lane = ? AND dimension = ?');
    this.#dimensions = db.prepare('SELECT DISTINCT dimension FROM counts WHERE lane = ? ORDER BY dimension');
  }

  add(lane: number, { dimension, value, count }: ValueCount): void {
    this.#add.run(lane, encodeText(dimension), encodeText(value), count);
  }

  largest(lane: number, dimension: string, limit: number): { top: ValueCount[]; rest: number } {
    this.#bringIntoOrder();
    const name = encodeText(dimension);
    const rows = this.#largest.all(lane, name, limit);
    const top = rows.map(([value, count]) => ({ dimension, value: decodeText(value), count }));
    const total = this.#total.get(lane, name)![0] ?? 0;
    return { top, rest: top.reduce((rest, { count }) => rest - count, total) };
  }

  dimensions(lane: number): string[] {
    this.#bringIntoOrder();
    return this.#dimensions.all(lane).map(([dimension]) => decodeText(dimension));
  }

  #bringIntoOrder(): void {
    if (this.#ordered) return;
    this.#db.exec(ORDER_INDEX);
    this.#ordered = true;
  }
}
