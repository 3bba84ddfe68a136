import { open, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolder } from '../../system/make-folder.ts';
import { messageOf } from '../../model/user-error.ts';
import { cleanReply } from '../answers.ts';
import { isLabel } from '../identity.ts';
import { Source } from '../source.ts';
import type { Delivery, OutgoingMail, Transport } from '../transport.ts';

/**
 * A folder of `.eml` files, one a message and recipient. A file appears whole or not at all and is on the disk before it has its
 * name; the name comes from label and recipient number, so that doing it twice changes nothing.
 */
export class SpoolTransport implements Transport {
  readonly name: string;
  readonly way: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = resolve(folder);
    this.name = `spool:${this.#folder}`;
    this.way = this.name;
  }

  async send(mail: OutgoingMail): Promise<Delivery> {
    if (!isLabel(mail.label) || !Number.isSafeInteger(mail.number) || mail.number < 0) {
      return { outcome: 'failed', reply: 'label cannot be part of a file name', reason: 'bad-label' };
    }
    const name = `${mail.label}.${mail.number}.eml`;
    const source = new Source(() => mail.content());
    try {
      await this.#write(name, source);
    } catch (error) {
      if (source.problem) throw error;
      // A full disk, a folder that cannot be written: an operator mends it, and the mail is still there.
      return { outcome: 'deferred', reply: cleanReply(messageOf(error)) };
    }
    return { outcome: 'sent', reply: `written to ${name}` };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #write(name: string, source: Source): Promise<void> {
    makeFolder(this.#folder, 0o750);
    const temporary = join(this.#folder, `.${name}.${process.pid}.tmp`);
    const file = await open(temporary, 'w', 0o640);
    try {
      for await (const chunk of source.chunks()) await file.writeFile(chunk);
      await file.sync();
      await file.close();
      await rename(temporary, join(this.#folder, name));
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(temporary, { force: true });
      throw error;
    }
    // The name itself is safe only when the folder is.
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
