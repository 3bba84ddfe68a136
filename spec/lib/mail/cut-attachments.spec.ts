import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { simpleParser } from 'mailparser';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { cutAttachments } from '../../../lib/mail/cut-attachments.ts';
import { composeMessage } from '../../../lib/mail/message.ts';
import { gather, messageInput } from '../../support/mail/builders.ts';

const EVENTS = Array.from({ length: 400 }, (_, i) => ({
  ID: `e${i}`,
  Note: 'žluťoučký; "kůň"'.repeat(1 + (i % 7)),
}));
const JSON_FILE = `[\n${EVENTS.map((event) => JSON.stringify(event)).join(',\n')}\n]\n`;
const CSV_FILE = `\ufeffid;note\r\n${EVENTS.map(({ ID, Note }) => `${ID};"${Note.replaceAll('"', '""')}"\r\n`).join('')}`;

describe('mail: message with shorter files', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'mentat-mail-'))));
  afterEach(() => rm(folder, { recursive: true }));

  async function messageWith(files: Readonly<Record<string, string>>): Promise<Buffer> {
    const attachments = [];
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name);
      await writeFile(path, text);
      attachments.push({ name, path });
    }
    return gather(
      composeMessage(messageInput({ message: 'Vážení!\n' }, { html: '<p>Vážení!</p>\n', attachments })),
    );
  }
  const cut = (whole: Buffer, room?: number, chunk = 1_000): Promise<Buffer> => {
    // eslint-disable-next-line @typescript-eslint/require-await -- an array read as what streams it
    const open = async function* () {
      for (let at = 0; at < whole.length; at += chunk) yield whole.subarray(at, at + chunk);
    };
    return gather(cutAttachments(open, room, (names) => `Zkráceno: ${names.join(', ')}`));
  };

  it('has the first whole events of each file, as many as fit into what the server takes', async () => {
    const whole = await messageWith({ 'r.json': JSON_FILE, 'r.csv': CSV_FILE });
    for (const [room, chunk] of [
      [40_000, 7],
      [60_000, 1_000],
      [whole.length - 1_000, 65_536],
    ]) {
      // prettier-ignore
      const bytes = await cut(whole, room, chunk);
      assert.ok(bytes.length <= room! && bytes.length > room! - 4_000, `${bytes.length} of ${room}`);
      const mail = await simpleParser(bytes);
      const [json, csv] = mail.attachments.map(({ content }) => content.toString('utf8'));
      const events = JSON.parse(json!) as typeof EVENTS;
      assert.ok(events.length > 0 && events.length < EVENTS.length);
      assert.deepEqual(events, EVENTS.slice(0, events.length));
      const rows: string[][] = parse(csv!, { delimiter: ';', bom: true, from: 2 });
      assert.deepEqual(rows, EVENTS.slice(0, rows.length).map(({ ID, Note }) => [ID, Note])); // prettier-ignore
      assert.equal(mail.text, 'Vážení!\n\nZkráceno: r.json, r.csv');
      for (const line of bytes.toString('latin1').split('\r\n')) assert.ok(line.length <= 998);
    }
  });

  it('halves a message whose limit is unknown, and leaves out a file of which nothing fits', async () => {
    const whole = await messageWith({ 'r.json': JSON_FILE });
    const bytes = await cut(whole);
    assert.ok(bytes.length <= whole.length / 2 && bytes.length > whole.length / 2 - 4_000);
    const mail = await simpleParser(await cut(whole, 3_000));
    assert.deepEqual([mail.attachments.length, mail.text], [0, 'Vážení!\n\nZkráceno: r.json']);
  });

  it('leaves zipped files out, and passes a message without files as it is', async () => {
    const mail = await simpleParser(
      await cut(await messageWith({ 'r.json.zip': 'PK'.repeat(5_000), 'r.csv': CSV_FILE }), 30_000),
    );
    assert.deepEqual(mail.attachments.map(({ filename }) => filename), ['r.csv']); // prettier-ignore
    const plain = await gather(composeMessage(messageInput()));
    assert.ok((await cut(plain, 10)).equals(plain));
  });
});
