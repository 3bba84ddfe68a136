import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { after, describe, it } from 'mocha';
import { parse } from 'csv-parse/sync';
import { encodedSize } from '../../../../lib/report/files/cut-copy.ts';
import { writeFiles, type FilesOrder, type WrittenFile } from '../../../../lib/report/files/files.ts';
import type { ScratchEvent } from '../../../../lib/scratch/port.ts';
import { END } from '../../../support/builders.ts';
import { makeFolder } from '../../../support/folder.ts';

// What a mail carries of a report's events, read back with programs of others.

const LABEL = 'M20260106SL-AAAAA';
const MEMBERS = '[0]'.length;

/** Texts that mean something to a spreadsheet, a terminal, a CSV or a JSON reader. */
const HOSTILE = [
  '=HYPERLINK("http://evil.example","x")',
  '+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  'a;b',
  'say "hi"',
  'line\r\nline',
  '\u001b[31m',
  '\u202egnp.exe',
  '<script>alert(1)</script>',
  '{{vars}}',
  "'; DROP TABLE x; --",
  '\ud800',
];

function event(i: number, more = ''): ScratchEvent {
  const note = JSON.stringify(`${HOSTILE[i % HOSTILE.length]} ${(i * 7919).toString(36)}`);
  return {
    part: i % 5 === 4 ? 'relapsed' : 'regular',
    id: `e-${i}`,
    storageTime: END,
    eventClass: 'c',
    sources: ['192.0.2.1'],
    body: `{"ID":"e-${i}","DetectTime":"2026-01-05T12:00:00Z","Note":${note},"Big":12345678901234567890${more}}`,
  };
}

describe('attachments', () => {
  const folder = makeFolder();
  after(() => folder.remove());

  const COUNT = 3000;
  let read = 0;
  const order = (settings: Partial<FilesOrder['settings']>, more: Partial<FilesOrder> = {}): FilesOrder => ({
    reportsDir: folder.path,
    label: LABEL,
    day: END,
    mailed: true,
    settings: { attachments: 'all', compress: false, maxAttachmentSize: 0, ...settings },
    count: COUNT,
    *events() {
      for (let i = 0; i < COUNT; i++) {
        read++;
        yield event(i);
      }
    },
    ...more,
  });

  const content = (file: WrittenFile): string =>
    file.path.endsWith('.zip') ? unzip(file.path) : readFileSync(file.path, 'utf8');
  /** Events of a file as a program of somebody else reads it. */
  const eventsIn = (file: WrittenFile): number => {
    const text = content(file);
    if (file.file.kind === 'json') return (JSON.parse(text) as unknown[]).length;
    return rowsIn(text).length;
  };
  const attachedSize = (files: readonly WrittenFile[]): number =>
    files
      .filter(({ file }) => file.attached)
      .reduce((sum, { path }) => sum + encodedSize(statSync(path).size), 0);

  it('are all the events, as JSON that parses and a table that a spreadsheet takes for what it is', async () => {
    const files = await writeFiles(order({}));
    assert.deepEqual(
      files.map((f) => [f.file.kind, f.file.events, f.file.attached, eventsIn(f)]),
      [
        ['json', COUNT, true, COUNT],
        ['csv', COUNT, true, COUNT],
      ],
    );
    const table = content(files[1]!);
    assert.ok(table.startsWith('\ufeff'));
    assert.ok(table.endsWith('\r\n'));
    const cells = rowsIn(table).flatMap((row) => Object.values(row));
    assert.deepEqual(
      cells.filter((cell) => /^[\s]*[=+@]|^-.|[\u0000-\u001f\u202e]/.test(cell)),
      [],
    );
    assert.match(content(files[0]!), /"Big":12345678901234567890[,}]/);
  });

  for (const compress of [false, true]) {
    describe(compress ? 'zipped' : 'plain', () => {
      for (const [attachments, room] of [
        ['json', 4_000],
        ['json', 30_000],
        ['csv', 30_000],
        ['all', 30_000],
        ['all', 5_000],
      ] as const) {
        it(`${attachments} are cut by whole events to ${room} encoded bytes, and are almost that`, async () => {
          const files = await writeFiles(order({ attachments, compress, maxAttachmentSize: room }));
          const attached = files.filter(({ file }) => file.attached);
          assert.equal(attached.length, attachments === 'all' ? 2 : 1);
          assert.ok(attachedSize(files) <= room, `${attachedSize(files)} of ${room}`);
          assert.ok(
            attachedSize(files) > room * (compress ? 0.93 : 0.97),
            `${attachedSize(files)} of ${room}`,
          );
          for (const copy of attached) {
            assert.match(
              copy.path,
              new RegExp(`/${LABEL}\\.cut\\.${copy.file.kind}${compress ? '\\.zip' : ''}$`),
            );
            assert.equal(eventsIn(copy), copy.file.events);
            assert.ok(copy.file.events > 0 && copy.file.events < COUNT);
            const whole = files.find(({ file }) => file.name === copy.file.cut_of)!;
            assert.deepEqual(
              [whole.file.left_out, whole.file.attached, whole.file.events],
              ['cut', false, COUNT],
            );
            assert.equal(eventsIn(whole), COUNT);
            if (!compress && copy.file.kind === 'json')
              assert.ok(content(whole).startsWith(content(copy).slice(0, -MEMBERS)));
          }
        });
      }

      it('hold one event more as soon as there is room for it', async () => {
        const [first] = await writeFiles(order({ attachments: 'csv', maxAttachmentSize: 30_000 }));
        const rows = content(first!).split('\r\n');
        const size = (count: number) =>
          encodedSize(Buffer.byteLength(`${rows.slice(0, count + 1).join('\r\n')}\r\n`));
        const kept = first!.file.events;
        for (const [room, expected] of [
          [size(kept), kept],
          [size(kept) - 1, kept - 1],
        ] as const) {
          const [again] = await writeFiles(order({ attachments: 'csv', maxAttachmentSize: room }));
          assert.equal(again!.file.events, expected);
        }
      });

      it('read no more of the events than there is room for, once the whole file is written', async () => {
        read = 0;
        const [copy] = await writeFiles(order({ attachments: 'json', compress, maxAttachmentSize: 4_000 }));
        assert.ok(read < COUNT + 20 * copy!.file.events, `${read} reads of ${COUNT}`);
      });

      it('are the same bytes for the same events', async () => {
        const bytes = async () => {
          const files = await writeFiles(order({ compress, maxAttachmentSize: 20_000 }));
          return files.map(({ path }) => readFileSync(path).toString('base64'));
        };
        assert.deepEqual(await bytes(), await bytes());
      });
    });
  }

  it('let a small file go whole beside a big one', async () => {
    const big = `,"X":"${'y'.repeat(3000)}"`;
    const events = () => Array.from({ length: 40 }, (_, i) => event(i, big));
    const files = await writeFiles(order({ maxAttachmentSize: 40_000 }, { events, count: 40 }));
    assert.deepEqual(
      files.map(({ file }) => [file.name, file.attached, file.left_out]),
      [
        [`${LABEL}.csv`, true, undefined],
        [`${LABEL}.cut.json`, true, undefined],
        [`${LABEL}.json`, false, 'cut'],
      ],
    );
    assert.ok(attachedSize(files) <= 40_000);
  });

  it('are left out when not even one event has room, and leave no copy behind', async () => {
    const own = makeFolder();
    for (const compress of [false, true]) {
      const files = await writeFiles(order({ compress, maxAttachmentSize: 100 }, { reportsDir: own.path }));
      assert.deepEqual(
        files.map(({ file }) => [file.attached, file.left_out]),
        [
          [false, 'too-big'],
          [false, 'too-big'],
        ],
      );
    }
    assert.equal(readdirSync(own.at('20260106')).filter((name) => name.includes('cut')).length, 0);
    own.remove();
  });

  it('follow an event of any depth', async () => {
    const deep = `,"D":${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const events = () => [event(0), event(1, deep), event(2)];
    const files = await writeFiles(
      order({ attachments: 'json', maxAttachmentSize: 3_000 }, { events, count: 3 }),
    );
    const copy = files.find(({ file }) => file.attached)!;
    assert.equal(copy.file.events, 1);
    assert.equal(eventsIn(copy), 1);
  });

  it('carry documents first, whole or not at all', async () => {
    const document = {
      suffix: '.xarf.json',
      kind: 'xarf' as const,
      events: 3,
      text: `{"a":"${'x'.repeat(900)}"}\n`,
    };
    const told = async (maxAttachmentSize: number, compress = false) =>
      (
        await writeFiles(
          order({ attachments: 'json', maxAttachmentSize, compress }, { documents: [document] }),
        )
      ).map(({ file }) => [file.name, file.attached, file.left_out]);
    assert.deepEqual(await told(10_000), [
      [`${LABEL}.xarf.json`, true, undefined],
      [`${LABEL}.cut.json`, true, undefined],
      [`${LABEL}.json`, false, 'cut'],
    ]);
    assert.deepEqual((await told(0, true))[0], [`${LABEL}.xarf.json`, true, undefined]);
    assert.deepEqual((await told(1_000)).at(-1), [`${LABEL}.json`, false, 'cut']);
  });
});

/** As a spreadsheet set to semicolons reads it: strictly, column by column. */
function rowsIn(text: string): Record<string, string>[] {
  return parse(text, { bom: true, delimiter: ';', columns: true, record_delimiter: '\r\n' });
}

/** The one member of a zip file, taken out by a program that is none of ours. */
function unzip(path: string): string {
  const options = { encoding: 'utf8', maxBuffer: 64e6 } as const;
  try {
    execFileSync('unzip', ['-tqq', path]);
    return execFileSync('unzip', ['-p', path], options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const script =
      'import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nsys.stdout.buffer.write(z.read(z.namelist()[0]))';
    return execFileSync('python3', ['-c', script, path], options);
  }
}
