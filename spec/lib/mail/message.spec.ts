import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { after, before, describe, it } from 'mocha';
import { composeMessage, type MessageInput } from '../../../lib/mail/message.ts';
import { textOnly } from '../../../lib/mail/text-only.ts';
import { withoutAttachments } from '../../../lib/mail/without-attachments.ts';
import { UserError } from '../../../lib/model/user-error.ts';
import { chunksOf, gather, LABEL, mailOptions, messageInput } from '../../support/mail/builders.ts';

const compose = (input: MessageInput) => gather(composeMessage(input));
const EARLIER = ['<M20260201EM-AAAAA@mentat.example>', '<M20260202EM-BBBBB@mentat.example>'] as const;
const headOf = (bytes: Buffer) => bytes.toString('latin1').split('\r\n\r\n')[0]!;
/** Names of all headers, in order, lower case. */
const names = (bytes: Buffer) =>
  [...headOf(bytes).matchAll(/^([^\s:]+):/gm)].map((match) => match[1]!.toLowerCase());

describe('mail: message', () => {
  let folder: string;
  let json: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mentat-mail-'));
    json = join(folder, 'events.json');
    await writeFile(json, JSON.stringify(Array.from({ length: 20_000 }, (_, i) => ({ ID: `event-${i}` }))));
  });

  after(() => rm(folder, { recursive: true }));

  it('carries text and headers of a summary', async () => {
    const bytes = await compose(
      messageInput({}, { options: mailOptions({ replyTo: ['desk@cert.example'] }) }),
    );
    const mail = await simpleParser(bytes);
    assert.equal(mail.text, 'Dear colleagues,\n\nsomething happened.\n');
    assert.equal(mail.subject, `[${LABEL}] Medium - Notice about possible problems in your network`);
    assert.deepEqual(mail.from?.value, [{ name: 'Mentat Reporter', address: 'reports@mentat.example' }]);
    assert.equal(mail.replyTo?.text, 'desk@cert.example');
    assert.equal(mail.messageId, `<${LABEL}@mentat.example>`);
    assert.equal(mail.date?.toISOString(), '2026-03-01T12:00:00.000Z');
    for (const line of [
      'Auto-Submitted: auto-generated',
      'X-Mentat-Report-Class: events',
      'X-Mentat-Report-Type: summary',
      `X-Mentat-Report-Id: ${LABEL}`,
      'X-Mentat-Report-Severity: medium',
      'X-Mentat-Report-Event-Count: 3',
      'X-Mentat-Report-Time-Window: 2026-03-01T10:00:00Z___2026-03-01T12:00:00Z',
      'X-Mentat-Report-Test-Data: False',
      'X-Mentat-Report-Categories: Recon.Scanning Attempt.Login',
      'X-Mentat-Report-Classes: recon-scanning',
    ]) {
      assert.ok(headOf(bytes).replace(/\r\n /g, ' ').includes(line), line);
    }
    assert.ok(!/x-mentat-report-(parent-id|src-ip|mark)/.test(names(bytes).join()));
  });

  describe('with lines that mail programs treat in a special way', () => {
    const long = `From ${'here '.repeat(40)}`;
    const lines = [
      'From me',
      '.',
      '..',
      '-- ',
      'From From twice',
      ' From',
      '>From',
      'From',
      long.trim(),
      'the end',
    ];
    const texts: [string, string][] = [
      ['in ASCII', lines.join('\n')],
      ['with other letters', lines.join('\nP\u0159\u00edli\u0161\n')],
      ['that a soft line break makes', `\u0159 ${'From '.repeat(60)}end`],
    ];
    for (const [name, message] of texts) {
      it(`has none that begins with "From ", and the same text: ${name}`, async () => {
        const html = `<pre>\n${message}\n</pre>`;
        for (const input of [messageInput({ message }), messageInput({ message }, { html })]) {
          const bytes = await compose(input);
          assert.doesNotMatch(bytes.toString('latin1'), /^From /m);
          for (const line of bytes.toString('latin1').split('\r\n')) assert.ok(line.length <= 78, line);
          const mail = await simpleParser(bytes);
          assert.equal(mail.text?.trimEnd(), message);
          if (input.html !== undefined) assert.equal(String(mail.html).trimEnd(), html);
        }
      });
    }
  });

  it('of an extra report names its parent, its source and the reports before', async () => {
    const bytes = await compose(
      messageInput(
        { type: 'extra', parent: 'M20260301SM-PARNT', source: '192.0.2.7', flag_testdata: true },
        { references: [EARLIER[0], '<evil@x>\r\nBcc: x@y.example', '<a b@c>', EARLIER[1], EARLIER[0]] },
      ),
    );
    const head = headOf(bytes);
    assert.match(head, /^X-Mentat-Report-Parent-Id: M20260301SM-PARNT$/m);
    assert.match(head, /^X-Mentat-Report-Src-IP: 192\.0\.2\.7$/m);
    assert.match(head, /^X-Mentat-Report-Test-Data: True$/m);
    const mail = await simpleParser(bytes);
    assert.deepEqual(mail.references, EARLIER);
    assert.equal(mail.inReplyTo, EARLIER[1]);
    assert.equal(mail.bcc, undefined);
  });

  it('says of test and redirected mail what it is, in a header and in the subject, once', async () => {
    for (const mark of ['test', 'redirected'] as const) {
      const recipients = { to: ['me@cert.example'], cc: [], mark };
      const bytes = await compose(messageInput({}, { recipients }));
      assert.match(headOf(bytes), new RegExp(`^X-Mentat-Report-Mark: ${mark}$`, 'm'));
      assert.match((await simpleParser(bytes)).subject ?? '', /^\[TEST\] \[M2026/);
      const again = await compose(messageInput({ subject: '[TEST] hello' }, { recipients }));
      assert.equal((await simpleParser(again)).subject, '[TEST] hello');
      const inside = await compose(messageInput({ subject: '[M1] [TEST] Low - x' }, { recipients }));
      assert.equal((await simpleParser(inside)).subject, '[M1] [TEST] Low - x');
    }
  });

  it('takes mail_subject in place of its own', async () => {
    const bytes = await compose(messageInput({}, { options: mailOptions({ subject: 'Hlášení' }) }));
    assert.equal((await simpleParser(bytes)).subject, 'Hlášení');
  });

  it('streams its attachments and is the same bytes every time', async () => {
    const input = messageInput(
      { message: 'Vážení,\nněco se stalo.\n' },
      {
        attachments: [
          { name: 'events.json', path: json },
          { name: '../../etc/ev\r\nil "ž".csv', path: json },
        ],
      },
    );
    const bytes = await compose(input);
    assert.ok(bytes.equals(await compose(input)));
    const mail = await simpleParser(bytes);
    assert.equal(mail.text, 'Vážení,\nněco se stalo.\n');
    assert.deepEqual(
      mail.attachments.map(({ filename, contentType }) => [filename, contentType]),
      [
        ['events.json', 'application/json'],
        ['_.._etc_ev_il_.csv', 'text/csv'],
      ],
    );
    assert.ok(mail.attachments[0]!.content.equals(await readFile(json)));
    wellFormed(bytes);
  });

  it('names an attachment that cannot be read', async () => {
    const gone = messageInput({}, { attachments: [{ name: 'a.json', path: join(folder, 'gone.json') }] });
    await assert.rejects(
      compose(gone),
      (error: unknown) => error instanceof UserError && error.message.includes('gone.json'),
    );
  });

  it('no boundary can be forged from inside the text', async () => {
    const first = await compose(messageInput({}, { attachments: [{ name: 'a.json', path: json }] }));
    const boundary = /boundary="([^"]+)"/.exec(first.toString())![1]!;
    const message = `--${boundary}--\r\nnot the end\n`;
    const second = await compose(
      messageInput({ message }, { attachments: [{ name: 'a.json', path: json }] }),
    );
    const mail = await simpleParser(second);
    assert.match(mail.text ?? '', /not the end/);
    assert.equal(mail.attachments.length, 1);
  });

  const hostile: Record<string, string> = {
    'line ends': 'x\r\nBcc: evil@y.example\r\n\r\nbody',
    'a bare line feed': 'x\nBcc: evil@y.example',
    'a bare carriage return': 'x\rBcc: evil@y.example',
    'line separators': 'x\u2028Bcc: evil@y.example\u0085y',
    'NUL and controls': 'a\u0000b\u0007c\u001b[31m',
    'direction marks': 'a\u202etxt.exe\u2066',
    'other scripts': 'ŽLUŤOUČKÝ 漢字 🦄',
    'an encoded word that hides a line end': '=?utf-8?Q?x=0D=0ABcc:_evil=40y.example?=',
    'half a character': 'x\ud800y',
    'a long word': 'w'.repeat(100_000),
    'many long words': `${'w'.repeat(3_000)} `.repeat(50),
    'only blanks': ' \t ',
  };
  for (const [what, text] of Object.entries(hostile)) {
    it(`keeps its headers with ${what} in source, subject, class and category`, async () => {
      const usual = names(await compose(messageInput({ source: 'x', type: 'extra' })));
      const bytes = await compose(
        messageInput({
          type: 'extra',
          source: text,
          subject: `[${LABEL}] ${text}`,
          statistics: {
            ...messageInput().record.statistics,
            classes: { plain: 1, [text]: 1 },
            categories: { plain: 1, [text]: 2 },
          },
        }),
      );
      assert.deepEqual(
        names(bytes).filter((name) => name !== 'x-mentat-report-src-ip'),
        usual.filter((name) => name !== 'x-mentat-report-src-ip'),
      );
      wellFormed(bytes);
      const mail = await simpleParser(bytes);
      assert.equal(mail.bcc, undefined);
      assert.equal(mail.text, 'Dear colleagues,\n\nsomething happened.\n');
      assert.doesNotMatch(mail.subject ?? '', /[\u0000-\u001f\u007f\u0085\u2028\u202e\u2066]/);
      assert.ok((mail.subject ?? '').length <= 300);
    });
  }
});

/** Content types of a parsed message in the order in which their parts begin, indented by how deep they lie. */
function partsOf(bytes: Buffer): string[] {
  const parts: string[] = [];
  const open: string[] = [];
  for (const line of bytes
    .toString('latin1')
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    if (line === `--${open.at(-1)}--`) open.pop();
    const [, type] = /^Content-Type: ([a-z/]+)/.exec(line) ?? [];
    if (type === undefined) continue;
    parts.push('  '.repeat(open.length) + type);
    const [, boundary] = /boundary="([^"]+)"/.exec(line) ?? [];
    if (boundary !== undefined) open.push(boundary);
  }
  return parts;
}

const HTML = {
  html: '<!DOCTYPE html>\n<html lang="cs"><body><p>Vážení</p><img src="cid:chart@x" alt="a"></body></html>\n',
  pictures: [{ id: 'chart@x', bytes: Buffer.from('89504e470d0a1a0a00', 'hex') }],
};

describe('mail: message in HTML beside its text', () => {
  const ALTERNATIVE = [
    'multipart/alternative',
    '  text/plain',
    '  multipart/related',
    '    text/html',
    '    image/png',
  ];

  it('holds the picture with the HTML that shows it', async () => {
    const bytes = await compose(messageInput({}, HTML));
    assert.deepEqual(partsOf(bytes), ALTERNATIVE);
    wellFormed(bytes);
    assert.match(bytes.toString('latin1'), /Content-Id: <chart@x>/i);
    const mail = await simpleParser(bytes, { keepCidLinks: true });
    assert.equal(mail.html, HTML.html);
    assert.equal(mail.text, 'Dear colleagues,\n\nsomething happened.\n');
    const [picture] = mail.attachments;
    assert.deepEqual(picture?.content, HTML.pictures[0]!.bytes);
    assert.equal(picture.contentDisposition, 'inline');
    assert.equal(picture.related, true);
    assert.ok(bytes.equals(await compose(messageInput({}, HTML))), 'the same bytes again');
  });

  it('is text alone, and HTML without pictures, where there is no more', async () => {
    assert.deepEqual(partsOf(await compose(messageInput())), ['text/plain']);
    assert.deepEqual(partsOf(await compose(messageInput({}, { html: HTML.html }))), [
      'multipart/alternative',
      '  text/plain',
      '  text/html',
    ]);
    const orphan = await compose(messageInput({}, { pictures: HTML.pictures }));
    assert.deepEqual(partsOf(orphan), ['text/plain'], 'no picture without what shows it');
  });

  it('keeps all of it when its attachments are left out', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mentat-mail-'));
    try {
      const path = join(folder, 'big.json');
      await writeFile(path, 'x'.repeat(100_000));
      const whole = await compose(messageInput({}, { ...HTML, attachments: [{ name: 'big.json', path }] }));
      const inner = ALTERNATIVE.map((line) => `  ${line}`);
      assert.deepEqual(partsOf(whole), ['multipart/mixed', ...inner, '  application/json']);
      for (const size of [7, 1_000, whole.length]) {
        const bytes = await gather(
          withoutAttachments(inChunks(whole, size), (files) => `without ${files.join()}`),
        );
        assert.deepEqual(partsOf(bytes), ['multipart/mixed', ...inner, '  text/plain']);
        assert.equal(headOf(bytes), headOf(whole));
        wellFormed(bytes);
        const mail = await simpleParser(bytes, { keepCidLinks: true });
        assert.ok(typeof mail.html === 'string' && mail.html.startsWith(HTML.html.trimEnd()));
        assert.deepEqual(
          mail.attachments.map((part) => part.cid),
          ['chart@x'],
        );
        assert.ok(mail.text?.includes('without big.json'));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('mail: message for programs of the other side', () => {
  it('says that a program made it, unless the group does not want that', async () => {
    const head = async (autoSubmitted: boolean) => headOf(await compose(messageInput({}, { autoSubmitted })));
    assert.match(await head(true), /^Auto-Submitted: auto-generated$/m);
    assert.doesNotMatch(await head(false), /Auto-Submitted/);
  });

  it('encodes a text in which a line begins with "From ", in text and HTML', async () => {
    for (const [message, html] of [
      ['Dear all\n\nFrom the team\n', '<p>x</p>'],
      ['Dear all\n', '<p>\nFrom here</p>'],
    ]) {
      const bytes = await compose(messageInput({ message: message! }, { html: html! }));
      assert.doesNotMatch(bytes.toString('latin1'), /^>?From /m);
      const mail = await simpleParser(bytes);
      assert.equal(mail.text?.trimEnd(), message!.trimEnd());
      assert.equal(String(mail.html).trim(), html);
    }
  });
});

describe('mail: message without its attachments', () => {
  it('keeps headers and text, and tells in a part of its own what is missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mentat-mail-'));
    try {
      const path = join(folder, 'big.json');
      await writeFile(path, 'x'.repeat(100_000));
      const attachments = ['one', 'two'].map((name) => ({
        name: `security-report-${LABEL}-${name}.json`,
        path,
      }));
      const whole = await compose(messageInput({ message: 'Vážení!\n' }, { attachments }));
      for (const size of [7, 1_000, 65_536, whole.length]) {
        const note = (files: readonly string[]) => `Chybí: ${files.join(', ')}`;
        const bytes = await gather(withoutAttachments(inChunks(whole, size), note));
        assert.equal(headOf(bytes), headOf(whole));
        wellFormed(bytes);
        const mail = await simpleParser(bytes);
        assert.equal(mail.attachments.length, 0);
        assert.equal(mail.text, `Vážení!\n\nChybí: ${attachments.map((file) => file.name).join(', ')}`);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('passes a message that has none as it is, and an empty one', async () => {
    const whole = await compose(messageInput());
    assert.ok((await gather(withoutAttachments(inChunks(whole, 100), () => 'note'))).equals(whole));
    assert.equal((await gather(withoutAttachments(chunksOf(''), () => 'note'))).length, 0);
  });
});

// eslint-disable-next-line @typescript-eslint/require-await -- a stream out of a buffer
async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** CRLF only, ASCII only, no line beyond 998 characters, no folded line without text (RFC 5322 2.1.1, 2.3, 4.2). */
function wellFormed(bytes: Buffer): void {
  const text = bytes.toString('latin1');
  assert.doesNotMatch(text, /[^\r\n\t\x20-\x7e]/);
  assert.doesNotMatch(text, /\r(?!\n)|(?<!\r)\n/);
  assert.ok(text.endsWith('\r\n'));
  for (const line of text.split('\r\n')) assert.ok(line.length <= 998, `a line of ${line.length}`);
  assert.doesNotMatch(headOf(bytes), /^[ \t]+$/m);
}

describe('mail: message as text only', () => {
  it('keeps headers and the text, and says in a part of its own that the rest is left out', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mentat-mail-'));
    try {
      const path = join(folder, 'big.json');
      await writeFile(path, 'x'.repeat(100_000));
      const attachments = [{ name: 'big.json', path }];
      for (const more of [{ ...HTML, attachments }, HTML, { attachments }]) {
        const whole = await compose(messageInput({ message: 'Vážení!\n' }, more));
        const before = await simpleParser(whole);
        for (const size of [7, 1_000, whole.length]) {
          const bytes = await gather(textOnly(inChunks(whole, size), () => 'Jen text.'));
          wellFormed(bytes);
          assert.deepEqual(partsOf(bytes), ['multipart/mixed', '  text/plain', '  text/plain']);
          const mail = await simpleParser(bytes);
          assert.equal(mail.text, 'Vážení!\n\nJen text.');
          for (const name of ['from', 'to', 'subject', 'date', 'message-id'])
            assert.deepEqual(mail.headers.get(name), before.headers.get(name), name);
        }
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('passes a message of text alone as it is, and an empty one', async () => {
    const whole = await compose(messageInput());
    assert.ok((await gather(textOnly(inChunks(whole, 100), () => 'note'))).equals(whole));
    assert.equal((await gather(textOnly(chunksOf(''), () => 'note'))).length, 0);
  });
});
