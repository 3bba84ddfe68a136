import type { GroupDocument } from '../../model/group/group.ts';
import type { GroupStore } from '../port.ts';
import { answer } from './answers.ts';
import type { Database, Statement } from './database.ts';
import { encodeText } from './text.ts';

/** Groups as they were written, one row each. */
export class EmbeddedGroups implements GroupStore {
  readonly #db: Database;
  readonly #all: Statement<[string]>;
  readonly #put: Statement<[]>;

  constructor(db: Database) {
    this.#db = db;
    this.#all = db.prepare('SELECT document FROM groups ORDER BY name');
    this.#put = db.prepare('INSERT OR REPLACE INTO groups (name, document) VALUES (?, ?)');
  }

  all(): Promise<readonly GroupDocument[]> {
    return answer(() => this.#all.all().map(([document]) => JSON.parse(document) as GroupDocument));
  }

  replace(groups: readonly GroupDocument[]): Promise<void> {
    return answer(() =>
      this.#db.write(() => {
        for (const group of groups) this.#put.run(encodeText(group.name), JSON.stringify(group));
      }),
    );
  }
}
