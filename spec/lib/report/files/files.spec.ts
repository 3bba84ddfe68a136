import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { after, describe, it } from 'mocha';
import { UserError } from '../../../../lib/model/user-error.ts';
import { encodedSize } from '../../../../lib/report/files/cut-copy.ts';
import { removeFiles, writeFiles, type FilesOrder } from '../../../../lib/report/files/files.ts';
import { writeFileWhole } from '../../../../lib/report/files/write-file.ts';
import type { ScratchEvent } from '../../../../lib/scratch/port.ts';
import { END } from '../../../support/builders.ts';
import { makeFolder } from '../../../support/folder.ts';

const LABEL = 'M20260106SL-AAAAA';

const event = (id: string, more = ''): ScratchEvent => ({
  part: 'regular',
  id,
  storageTime: END,
  eventClass: 'c',
  sources: ['192.0.2.1'],
  body: `{"ID":"${id}","DetectTime":"2026-01-05T12:00:00Z"${more}}`,
});

describe('record files', () => {
  const folder = makeFolder();
  after(() => folder.remove());

  const order = (
    settings: Partial<FilesOrder['settings']> = {},
    more: Partial<FilesOrder> = {},
  ): FilesOrder => ({
    reportsDir: folder.path,
    label: LABEL,
    day: END,
    mailed: true,
    settings: { attachments: 'json', compress: false, maxAttachmentSize: 0, ...settings },
    count: 2,
    events: () => [event('a'), event('b', ',"Credentials":[{"Password":"hunter2"}]')],
    ...more,
  });

  it('are an array of the events, one a line', async () => {
    const [json] = await writeFiles(order());
    assert.equal(json!.path, folder.at(`20260106/${LABEL}.json`));
    const lines = readFileSync(json!.path, 'utf8').split('\n');
    assert.deepEqual(
      lines.map((line) => line.slice(0, 10)),
      ['[', '{"ID":"a",', '{"ID":"b",', ']', ''],
    );
    assert.equal((JSON.parse(lines.join('\n')) as unknown[]).length, 2);
    assert.doesNotMatch(lines.join(), /hunter2/);
    assert.equal(json!.file.size, statSync(json!.path).size);
    assert.equal(statSync(json!.path).mode & 0o777, 0o640);
  });

  it('are an empty array when there is nothing', async () => {
    const [json] = await writeFiles(order({}, { count: 0, events: () => [] }));
    assert.equal(readFileSync(json!.path, 'utf8'), '[]\n');
  });

  const kinds: [FilesOrder['settings']['attachments'], string[], string[]][] = [
    ['json', ['json'], ['json']],
    ['csv', ['csv', 'json'], ['csv']],
    ['all', ['json', 'csv'], ['json', 'csv']],
    ['none', ['json'], []],
  ];
  for (const [attachments, written, attached] of kinds) {
    it(`with attachments ${attachments}: written ${written.join()}, attached ${attached.join() || 'none'}`, async () => {
      const files = (await writeFiles(order({ attachments }))).map(({ file }) => file);
      assert.deepEqual(
        files.map((file) => file.kind),
        written,
      );
      assert.deepEqual(
        files.filter((file) => file.attached).map((file) => file.kind),
        attached,
      );
      assert.ok(files.every((file) => file.left_out === undefined));
    });
  }

  it('are not attached to a mail that nobody gets', async () => {
    const files = await writeFiles(order({ attachments: 'all' }, { mailed: false }));
    assert.deepEqual(
      files.map(({ file }) => [file.attached, file.left_out]),
      [
        [false, undefined],
        [false, undefined],
      ],
    );
  });

  it('count encoded bytes as a mail has them', () => {
    for (const bytes of [0, 1, 2, 3, 56, 57, 58, 1000]) {
      const lines =
        Buffer.alloc(bytes)
          .toString('base64')
          .match(/.{1,76}/g) ?? [];
      assert.equal(encodedSize(bytes), lines.map((line) => `${line}\r\n`).join('').length);
    }
  });

  it('are zipped with one member and the same bytes in any time zone', async () => {
    const before = process.env['TZ'];
    const bytes: Buffer[] = [];
    for (const zone of ['UTC', 'Pacific/Kiritimati', 'America/Los_Angeles']) {
      process.env['TZ'] = zone;
      const [zip] = await writeFiles(order({ compress: true }));
      assert.equal(zip!.file.name, `${LABEL}.json.zip`);
      bytes.push(readFileSync(zip!.path));
    }
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
    assert.ok(bytes[0]!.equals(bytes[1]!) && bytes[0]!.equals(bytes[2]!));
    const nameLength = bytes[0]!.readUInt16LE(26);
    const start = 30 + nameLength + bytes[0]!.readUInt16LE(28);
    assert.equal(bytes[0]!.toString('utf8', 30, 30 + nameLength), `${LABEL}.json`);
    assert.match(inflateRawSync(bytes[0]!.subarray(start)).toString(), /^\[\n\{"ID":"a"/);
  });

  it('are the same bytes for the same events', async () => {
    const [first] = await writeFiles(order());
    const bytes = readFileSync(first!.path);
    await writeFiles(order());
    assert.ok(readFileSync(first!.path).equals(bytes));
  });

  it('leave nothing behind when an event fails', async () => {
    const dir = makeFolder();
    const events = function* (): Iterable<ScratchEvent> {
      yield event('a');
      throw new UserError({ what: 'scratch is gone' });
    };
    await assert.rejects(
      writeFiles(order({}, { reportsDir: dir.path, events })),
      /^UserError: scratch is gone$/,
    );
    assert.deepEqual(readdirSync(dir.at('20260106')), []);
    await assert.rejects(
      writeFiles(order({ compress: true }, { reportsDir: dir.path, events })),
      /^UserError: scratch is gone$/,
    );
    assert.deepEqual(readdirSync(dir.at('20260106')), []);
    dir.remove();
  });

  it('are deleted, also twice', async () => {
    const files = await writeFiles(order());
    await removeFiles(files);
    await removeFiles(files);
    assert.equal(existsSync(files[0]!.path), false);
  });

  it('say by name what cannot be written', async () => {
    const dir = makeFolder();
    dir.write('20260106', 'a file where the folder should be');
    await assert.rejects(writeFiles(order({}, { reportsDir: dir.path })), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(
        error.message,
        /20260106\/M20260106SL-AAAAA\.json: report file cannot be written, got "E(EXIST|NOTDIR)"/,
      );
      return true;
    });
    dir.remove();
  });

  const problems: [string, string][] = [
    ['ENOSPC', 'the disk is full'],
    ['EACCES', 'no right to write there'],
    ['EROFS', 'the file system is read-only'],
  ];
  for (const [code, hint] of problems) {
    it(`say that ${hint}`, async () => {
      const dir = makeFolder();
      const expected = new RegExp(
        `${dir.at('x')}: report file cannot be written, got "${code}" \\(${hint}\\)$`,
      );
      await assert.rejects(writeFileWhole(dir.at('x'), failing(code)), expected);
      assert.deepEqual(readdirSync(dir.path), []);
      dir.remove();
    });
  }
});

function* failing(code: string): Iterable<string> {
  yield 'a';
  throw Object.assign(new Error(code), { code });
}
