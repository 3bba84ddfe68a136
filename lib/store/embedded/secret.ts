import type { Database } from './database.ts';

const BYTES = 32;

/**
 * The installation's secret, created at first use. A read-only store without one returns a secret that is valid until it is closed.
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
    return (this.#secret ??= this.#find() ?? (this.#readOnly ? this.#random(BYTES) : this.#create()));
  }

  #find(): Uint8Array | undefined {
    const hex = this.#db.prepare<[string]>("SELECT value FROM meta WHERE name = 'secret'").get()?.[0];
    return hex === undefined ? undefined : new Uint8Array(Buffer.from(hex, 'hex'));
  }

  #create(): Uint8Array {
    const hex = Buffer.from(this.#random(BYTES)).toString('hex');
    this.#db.write(() =>
      this.#db.prepare("INSERT INTO meta (name, value) VALUES ('secret', ?) ON CONFLICT DO NOTHING").run(hex),
    );
    // Another process may have stored its own first.
    return this.#find()!;
  }
}
