import { Binary } from 'mongodb';
import type { Connection } from './connection.ts';
import { ignoreConcurrentInsert } from './concurrent-insert.ts';
import { META, type MetaDocument } from './schema.ts';

const BYTES = 32;

/**
 * The installation's secret, created at first use. A read-only store without one returns a secret that is valid until it is closed.
 */
export class MongoSecret {
  readonly #connection: Connection;
  readonly #random: (bytes: number) => Uint8Array;
  readonly #readOnly: boolean;
  #secret: Promise<Uint8Array> | undefined;

  constructor(connection: Connection, random: (bytes: number) => Uint8Array, readOnly: boolean) {
    this.#connection = connection;
    this.#random = random;
    this.#readOnly = readOnly;
  }

  get(): Promise<Uint8Array> {
    return (this.#secret ??= this.#findOrCreate());
  }

  async #findOrCreate(): Promise<Uint8Array> {
    const found = await this.#find();
    if (found !== undefined) return found;
    const created = this.#random(BYTES);
    if (this.#readOnly) return created;
    const set = { $setOnInsert: { value: new Binary(created) } };
    await this.#connection.run((session) =>
      ignoreConcurrentInsert(
        this.#connection
          .collection<MetaDocument>(META)
          .updateOne({ _id: 'secret' }, set, { upsert: true, session }),
      ),
    );
    // Another process may have stored its own first.
    return (await this.#find())!;
  }

  async #find(): Promise<Uint8Array | undefined> {
    const meta = this.#connection.collection<MetaDocument>(META);
    const found = await this.#connection.run((session) => meta.findOne({ _id: 'secret' }, { session }));
    return found?.value instanceof Binary ? new Uint8Array(found.value.value()) : undefined;
  }
}
