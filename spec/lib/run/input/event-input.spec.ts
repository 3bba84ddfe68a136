import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { EventInput } from '../../../../lib/run/input/event-input.ts';
import { parseEventLine } from '../../../../lib/model/event/event-line.ts';
import { UserError } from '../../../../lib/model/user-error.ts';
import { lines } from '../../../../lib/model/text/lines.ts';
import { rawEvent } from '../../../support/builders.ts';
import { SILENT } from '../../../support/run.ts';

const EVENT = JSON.stringify(rawEvent({}));
const PRETTY = JSON.stringify(rawEvent({}), null, 2);

/** Reads an input as a replay does: the problem of one without usable events, and what was logged. */
async function read(bytes: Uint8Array | string, name = 'events.ndjson', chunk = 1000) {
  const whole = Buffer.from(bytes);
  const logged = { warnings: [] as string[], debug: [] as string[] };
  const log = {
    ...SILENT,
    warning: (message: string) => void logged.warnings.push(message),
    debug: (message: string) => void logged.debug.push(message),
  };
  async function* pieces() {
    for (let at = 0; at < whole.length; at += chunk)
      yield await Promise.resolve(whole.subarray(at, at + chunk));
  }
  try {
    const input = await EventInput.open({ name, option: '--events', bytes: pieces(), log });
    let usable = 0;
    for await (const part of lines(input.bytes))
      for (const { text, number } of part) {
        const event = parseEventLine(text, number);
        if (event instanceof UserError) input.reject(event);
        else usable++;
      }
    return { ...logged, usable, problem: input.finish(usable)?.message };
  } catch (error) {
    assert.ok(error instanceof UserError);
    return { ...logged, usable: 0, problem: error.message };
  }
}

const tar = Buffer.alloc(1024);
tar.write('events.ndjson');
tar.write('ustar', 257);

const FORMATS: readonly [what: string, bytes: Uint8Array | string, expected: RegExp][] = [
  ['gzip', gzipSync(EVENT), /looks like gzip: try zcat < events\.ndjson \| mentat-reporter … --events -\)$/],
  ['zstd', Buffer.from('28b52ffd2400', 'hex'), /like zstd: try zstdcat </],
  ['bzip2', Buffer.from('425a683931415926', 'hex'), /like bzip2: try bzcat </],
  ['xz', Buffer.from('fd377a585a000004', 'hex'), /like xz: try xzcat </],
  ['lz4', Buffer.from('04224d186440', 'hex'), /like lz4: try lz4cat </],
  ['a zip archive', Buffer.from('504b030414000000', 'hex'), /like a zip archive: try funzip </],
  ['a 7-Zip archive', Buffer.from('377abcaf271c0004', 'hex'), /try 7z x -so events\.ndjson \|/],
  ['a tar archive', tar, /like a tar archive: try tar -xO </],
  [
    'UTF-16 with a mark',
    Buffer.from(`\ufeff${EVENT}`, 'utf16le'),
    /like UTF-16: try iconv -f UTF-16 -t UTF-8 </,
  ],
  ['UTF-16 without', Buffer.from(EVENT, 'utf16le'), /like UTF-16LE: try iconv -f UTF-16LE/],
  ['big-endian UTF-16', Buffer.from(EVENT, 'utf16le').swap16(), /like UTF-16BE: try iconv -f UTF-16BE/],
  ['an SQLite database', 'SQLite format 3\0', /looks like an SQLite database\)$/],
  ['a dump of MongoDB', Buffer.from('480000000249440003000000', 'hex'), /like BSON: try bsondump </],
  ['one event over several lines', PRETTY, /like JSON that is not one object a line: try jq -c \. </],
  ['several of them', `${PRETTY}\n${PRETTY}\n`, /try jq -c \. </],
  ['events without line ends', EVENT.repeat(2), /try jq -c \. </],
  ['an array', `[${EVENT},\n${EVENT}]`, /like one JSON array: try jq -c '\.\[\]' </],
  ['an array on one line', `[${EVENT}]`, /try jq -c '\.\[\]' </],
  ['lines that end in commas', `${EVENT},\n${EVENT},\n`, /end in commas: try sed 's\/,\\s\*\$\/\/' </],
  ['JSON in JSON', JSON.stringify(EVENT), /try jq -c 'fromjson' </],
  ['text sequences', `\u001e${EVENT}\n`, /like JSON text sequences: try tr -d/],
  [
    'a prefix before each event',
    `Nov 10 host app: ${EVENT}\n`,
    /text before the JSON: try sed 's\/\^\[\^\{\]\*\/\/' </,
  ],
  ['syslog', `<134>1 2026-11-10T10:00:00Z host app ${EVENT}\n`, /like syslog lines: try sed/],
  ['HTML', '<!DOCTYPE html>\n<html></html>', /looks like an HTML page, perhaps a login or error page\)$/],
  ['XML', '<?xml version="1.0"?><events/>', /looks like XML\)$/],
  ['CSV', 'time;source;class\n1;2;3\n', /looks like CSV\)$/],
  ['tab-separated values', 'time\tsource\tclass\n', /looks like tab-separated values\)$/],
  ['the notation of Python', "{'Format': 'IDEA0', 'ID': 'a'}\n", /notation of Python, with single quotes\)$/],
  ['blank lines', '\n \n\t\n', /looks like blank lines only\)$/],
  ['nothing', '', /^events\.ndjson: the input is empty, .* \(does the command before the pipe succeed\?\)$/],
  [
    'what nobody knows',
    brotliCompressSync(EVENT),
    /has no usable event, expected IDEA0 events, one JSON object a line$/,
  ],
];

describe('lib/run/input/event-input', () => {
  for (const [what, bytes, expected] of FORMATS) {
    it(`of ${what} has no usable event, and says what to do`, async () => {
      assert.match((await read(bytes)).problem ?? '', expected);
      assert.match((await read(bytes, 'events.ndjson', 1)).problem ?? '', expected);
    });
  }

  it('names the command for stdin, and quotes names of files for a shell', async () => {
    assert.match(
      (await read(gzipSync(EVENT), 'stdin')).problem!,
      /try … \| zcat \| mentat-reporter … --events -/,
    );
    const file = "an event's file.gz";
    assert.match((await read(gzipSync(EVENT), file)).problem!, /try zcat < 'an event'\\''s file\.gz' \|/);
  });

  it('with one usable event has no problem, whatever else is in it', async () => {
    const { usable, problem, warnings } = await read(`[\n${EVENT}\n]`);
    assert.deepEqual([usable, problem, warnings.length], [1, undefined, 2]);
  });

  it('names the first 20 unusable lines by number, then how many more', async () => {
    const { warnings, debug } = await read(`${EVENT}\n${'broken\n'.repeat(5000)}`);
    assert.equal(warnings.length, 21);
    assert.match(warnings[0]!, /^line 2: /);
    assert.match(warnings[19]!, /^line 21: /);
    assert.equal(warnings[20], '4980 more lines cannot be used; --log-level debug names them');
    assert.equal(debug.length, 4980);
  });

  for (const [word, remedy] of [
    ['NaN', /\(NaN: JSON has no such number: write null, or leave the key out\)$/],
    ['-Infinity', /\(-Infinity: JSON has no such number/],
    ['nan', /\(nan: JSON has no such number/],
    ['None', /\(None: write null\)$/],
    ['True', /\(True: write true\)$/],
  ] as const) {
    it(`says what ${word} is`, async () => {
      const { warnings } = await read(`{"ID": "a", "Note": "NaN, None or True?", "Confidence": ${word}}\n`);
      assert.match(warnings[0]!, remedy);
    });
  }

  it('takes no word inside a text for the cause', async () => {
    assert.doesNotMatch((await read('{"Note": "NaN" "ID": "a"}\n')).warnings[0]!, /NaN: JSON/);
  });
});
