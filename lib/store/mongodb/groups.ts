import { ObjectId } from 'mongodb';
import type { GroupDocument } from '../../model/group/group.ts';
import { chunks } from '../../model/chunks.ts';
import { UserError } from '../../model/user-error.ts';
import type { GroupStore } from '../port.ts';
import type { Connection } from './connection.ts';
import { ignoreConcurrentInsert } from './concurrent-insert.ts';
import { GROUPS, META, type MetaDocument } from './schema.ts';

interface GroupRow {
  /** Only groups of the edition that `reporter_meta` names are valid. */
  edition: ObjectId;
  name: string;
  document: GroupDocument;
}

const EDITION = 'groups';
const BULK = 500;

/**
 * Groups as they were written, one document each. All of them together are an edition: a replacement writes the next edition and then activates
 * it by one write, which makes it atomic on a standalone server, too.
 */
export class MongoGroups implements GroupStore {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async all(): Promise<readonly GroupDocument[]> {
    for (;;) {
      const edition = await this.#edition();
      if (edition === undefined) return [];
      const groups = await this.#groupsOf(edition);
      // An edition that was replaced meanwhile may have been deleted in the middle of reading.
      if (edition.equals(await this.#edition())) return groups;
    }
  }

  async replace(groups: readonly GroupDocument[]): Promise<void> {
    const before = await this.#edition();
    const known = before === undefined ? [] : await this.#groupsOf(before);
    const merged = new Map([...known, ...groups].map((group) => [group.name, group]));
    const edition = new ObjectId();
    const rows = [...merged.values()].map((document) => ({ edition, name: document.name, document }));
    await this.#connection.run(async (session) => {
      const collection = this.#connection.collection<GroupRow>(GROUPS);
      for (const some of chunks(rows, BULK))
        await collection.insertMany(some, { session, ignoreUndefined: true });
    });
    if (!(await this.#activate(edition, before))) {
      await this.#delete(edition);
      const hint = 'run the import again';
      throw new UserError({
        what: 'groups were changed by another process',
        where: this.#connection.where,
        hint,
      });
    }
    // Only this one, because another process may be writing the next edition.
    if (before !== undefined) await this.#delete(before);
  }

  async #groupsOf(edition: ObjectId): Promise<GroupDocument[]> {
    const rows = this.#connection.collection<GroupRow>(GROUPS);
    const groups: GroupDocument[] = [];
    const batches = this.#connection.stream((session) =>
      rows.find({ edition }, { session, batchSize: BULK }).sort({ name: 1 }),
    );
    for await (const batch of batches) groups.push(...batch.map((row) => row.document));
    return groups;
  }

  async #edition(): Promise<ObjectId | undefined> {
    const meta = this.#connection.collection<MetaDocument>(META);
    const found = await this.#connection.run((session) => meta.findOne({ _id: EDITION }, { session }));
    return found?.edition instanceof ObjectId ? found.edition : undefined;
  }

  /** False when another edition was activated meanwhile. */
  #activate(edition: ObjectId, before: ObjectId | undefined): Promise<boolean> {
    return this.#connection.run(async (session) => {
      const meta = this.#connection.collection<MetaDocument>(META);
      const unchanged = { _id: EDITION, edition: before ?? null };
      const upsert = before === undefined;
      const done = await ignoreConcurrentInsert(
        meta.updateOne(unchanged, { $set: { edition } }, { session, upsert }),
      );
      return done !== undefined && done.matchedCount + done.upsertedCount === 1;
    });
  }

  async #delete(edition: ObjectId): Promise<void> {
    const rows = this.#connection.collection<GroupRow>(GROUPS);
    await this.#connection.run((session) => rows.deleteMany({ edition }, { session }));
  }
}
