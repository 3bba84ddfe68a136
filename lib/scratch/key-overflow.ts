import type { KeyOverflow } from '../thresholds/key-table.ts';
import { TemporaryDatabase } from './temporary-database.ts';

const TABLES = `
CREATE TABLE keys (high INTEGER NOT NULL, low INTEGER NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (high, low)) WITHOUT ROWID;
`;

/**
 * Stores hashed keys that do not fit into memory in a temporary database.
 * @throws UserError when the disk cannot be written to, or is full
 */
export function openKeyOverflow(directory: string): KeyOverflow {
  const database = new TemporaryDatabase(directory, TABLES);
  const { db } = database;
  const find = db.prepare<[value: number]>('SELECT value FROM keys WHERE high = ? AND low = ?');
  const set = db.prepare<[]>('INSERT OR REPLACE INTO keys (high, low, value) VALUES (?, ?, ?)');
  return {
    get: (high, low) => find.get(high, low)?.[0],
    set: (high, low, value) => void set.run(high, low, value),
    close: () => database.close(),
  };
}
