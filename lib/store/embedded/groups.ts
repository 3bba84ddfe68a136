import type { GroupDocument } from '../../model/group/group.ts';
import type { GroupStore } from '../port.ts';
import { asPromise } from './async.ts';
import type { Database, Statement } from './database.ts';
import { encodeText } from './text.ts';

/** Groups as they were written, one row each. */
export class EmbeddedGroups implements GroupStore {
  readonly #db: Database;
  readonly #all: Statement<[string]>;
  readonly #replaceOne: Statement<[]>;

  constructor(db: Database) {
    this.#db = db;
    this.#all = db.prepare('SELECT document FROM groups ORDER BY name');
    this.#replaceOne = db.prepare('INSERT OR REPLACE INTO groups (name, document) VALUES (?, ?)');
  }

  all(): Promise<readonly GroupDocument[]> {
    return asPromise(() => this.#all.all().map(([document]) => JSON.parse(document) as GroupDocument));
  }

  replace(groups: readonly GroupDocument[]): Promise<void> {
    return asPromise(() =>
      this.#db.write(() => {
        for (const group of groups) this.#replaceOne.run(encodeText(group.name), JSON.stringify(group));
      }),
    );
  }
}
