import type { Database } from './database.ts';

const BYTES = 32;

/**
 * The installation's secret: made by the first who asks for it, the same for all who ask later. A store that may not be written and has
 * none gives one that lasts as long as the handle.
 */
export class EmbeddedSecret {
  readonly #db: Database;
  readonly #random: (bytes: number) => Uint8Array;
  readonly #readOnly: boolean;
  #secret: Uint8Array | undefined;

  constructor(db: Database, random: (bytes: number) => Uint8Array, readOnly: boolean) {
    this.#db = db;
    this.#random = random;
    this.#readOnly = readOnly;
  }

  get(): Uint8Array {
    return (this.#secret ??= this.#find() ?? (this.#readOnly ? this.#random(BYTES) : this.#make()));
  }

  #find(): Uint8Array | undefined {
    const hex = this.#db.prepare<[string]>("SELECT value FROM meta WHERE name = 'secret'").get()?.[0];
    return hex === undefined ? undefined : new Uint8Array(Buffer.from(hex, 'hex'));
  }

  #make(): Uint8Array {
    const hex = Buffer.from(this.#random(BYTES)).toString('hex');
    this.#db.write(() =>
      this.#db.prepare("INSERT INTO meta (name, value) VALUES ('secret', ?) ON CONFLICT DO NOTHING").run(hex),
    );
    // Another process may have been faster; what stands is the secret.
    return this.#find()!;
  }
}
