import { createHash } from 'node:crypto';
import { extname, resolve } from 'node:path';
import type { ReportRecord } from '../model/report.ts';
import type { Instant } from '../model/time.ts';
import { messageOf, UserError } from '../model/user-error.ts';
import { domainOf, readMailboxAt } from './address.ts';
import { headerText, headerWords } from './header-text.ts';
import { fromMailbox, messageId } from './identity.ts';
import type { MailOptions } from './options.ts';
import type { Recipients } from './recipients.ts';

/** A file that the mail carries; read when the message is. */
export interface MessageFile {
  /** As the reader sees it. */
  readonly name: string;
  readonly path: string;
}

/** A PNG within a mail. */
export interface Picture {
  /** `cid:` of the HTML. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** What a message says of its report. */
export type ReportFacts = Pick<
  ReportRecord,
  | 'label'
  | 'type'
  | 'severity'
  | 'parent'
  | 'source'
  | 'dt_from'
  | 'dt_to'
  | 'flag_testdata'
  | 'statistics'
  | 'subject'
  | 'message'
  | 'evcount_rep'
>;

export interface MessageInput {
  readonly record: ReportFacts;
  readonly recipients: Pick<Recipients, 'to' | 'cc' | 'mark'>;
  readonly options: MailOptions;
  /** False leaves `Auto-Submitted` (RFC 3834) out. */
  readonly autoSubmitted?: boolean;
  /** The `Date` header. */
  readonly date: Instant;
  readonly attachments: readonly MessageFile[];
  /** The same in HTML; undefined for a mail of text only. */
  readonly html?: string | undefined;
  /** Pictures that the HTML shows, by their content ids. */
  readonly pictures?: readonly Picture[];
  /** Message-IDs of earlier mails on the same problem, oldest first, for `References`; the last is the one that this mail answers. */
  readonly references?: readonly string[];
}

/** What mails that do not go where they would bear in their subject, once. */
const TEST_MARK = '[TEST]';
const SUBJECT_LIMIT = 250;
const VALUE_LIMIT = 250;
const WORDS_LIMIT = 800;
const REFERENCES_LIMIT = 50;
const MESSAGE_ID = /^<[A-Za-z0-9._-]{1,128}@[A-Za-z0-9._-]{1,255}>$/;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.csv': 'text/csv; charset=utf-8',
  '.zip': 'application/zip',
};

/**
 * The finished message in bytes (RFC 5322, line ends CRLF, non-ASCII encoded), attachments streamed from their files. The same input gives
 * the same bytes: date, Message-ID and boundaries come from it, no clock and no randomness takes part. Nothing in the record can
 * add a header. Rejects with a UserError when an attachment cannot be read.
 */
export async function* composeMessage(input: MessageInput): AsyncGenerator<Uint8Array, void, undefined> {
  const { record, recipients, options } = input;
  const domain = domainOf(fromMailbox(options).address);
  const mailbox = (text: string) => readMailboxAt(text, domain);
  const text = withCrlf(record.message);
  const html = input.html === undefined ? undefined : withCrlf(input.html);
  const pictures = html === undefined ? [] : (input.pictures ?? []);
  // Most runs have nothing to mail, and should not wait for what they do not use.
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const message = new MailComposer({
    from: fromMailbox(options),
    to: [...recipients.to],
    cc: [...recipients.cc],
    replyTo: (options.replyTo ?? []).flatMap((entry) => mailbox(entry) ?? []),
    subject: subjectOf(record.subject, input),
    messageId: `<${messageId(record.label, options)}>`,
    ...threadOf(input),
    date: new Date(input.date),
    headers: reportHeaders(input),
    normalizeHeaderKey: (key) => SPELLING.get(key.toLowerCase()) ?? key,
    text: bodyOf(text),
    ...(html === undefined ? {} : { html: bodyOf(html) }),
    // No line of a text can be a delimiter that is made from a digest over it.
    baseBoundary: createHash('sha256')
      .update(`${record.label}\n${text}\n${html ?? ''}`)
      .digest('hex')
      .slice(0, 32),
    attachments: [...pictures.map(pictureOf), ...input.attachments.map(attachmentOf)],
    disableUrlAccess: true,
  });
  try {
    for await (const chunk of message.compile().createReadStream()) yield chunk as Uint8Array;
  } catch (error) {
    throw new UserError(
      { what: 'mail cannot be composed', where: record.label, got: messageOf(error) },
      { cause: error },
    );
  }
}

function subjectOf(subject: string, { options, recipients }: MessageInput): string {
  const text = headerText(options.subject ?? subject, SUBJECT_LIMIT);
  return recipients.mark === undefined || text.includes(TEST_MARK) ? text : `${TEST_MARK} ${text}`;
}

/** `In-Reply-To` and `References` (RFC 5322 3.6.4); of too many the latest. */
function threadOf({ references = [] }: MessageInput): { inReplyTo?: string; references?: string[] } {
  const ids = [...new Set(references)].filter((id) => MESSAGE_ID.test(id)).slice(-REFERENCES_LIMIT);
  return ids.length === 0 ? {} : { inReplyTo: ids.at(-1)!, references: ids };
}

function reportHeaders({ record, recipients, autoSubmitted = true }: MessageInput): Record<string, string> {
  const line = (text: string | null | undefined) => headerText(text ?? '', VALUE_LIMIT);
  const words = (dimension: string) => {
    const found = record.statistics[dimension];
    const keys = typeof found === 'object' ? Object.keys(found) : [];
    return headerWords(
      keys.filter((key) => key !== '__REST__'),
      WORDS_LIMIT,
    );
  };
  const headers = {
    'Auto-Submitted': autoSubmitted ? 'auto-generated' : '',
    'X-Mentat-Report-Class': 'events',
    'X-Mentat-Report-Type': record.type,
    'X-Mentat-Report-Id': line(record.label),
    'X-Mentat-Report-Parent-Id': line(record.parent),
    'X-Mentat-Report-Severity': record.severity,
    'X-Mentat-Report-Event-Count': String(record.evcount_rep ?? 0),
    'X-Mentat-Report-Src-IP': line(record.source),
    'X-Mentat-Report-Time-Window': line(`${record.dt_from}___${record.dt_to}`),
    'X-Mentat-Report-Test-Data': record.flag_testdata ? 'True' : 'False',
    'X-Mentat-Report-Categories': words('categories'),
    'X-Mentat-Report-Classes': words('classes'),
    'X-Mentat-Report-Mark': recipients.mark ?? '',
  };
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}

/** Names that the composer would write in letters of its own. */
const SPELLING: ReadonlyMap<string, string> = new Map(
  ['X-Mentat-Report-Id', 'X-Mentat-Report-Parent-Id', 'X-Mentat-Report-Src-IP'].map((name) => [
    name.toLowerCase(),
    name,
  ]),
);

/** A line that programs which keep mails in one file would take for the beginning of another (RFC 2049 3). */
const FROM_LINE = /^From /m;
/** What is sent as quoted-printable, where a soft line break may come before any word. */
const QUOTED_PRINTABLE = /[^\n\r\t\x20-\x7e]|.{77}/;

/** Content for the composer, in base64 where a line must not go out unencoded. */
function bodyOf(content: string) {
  const encode = FROM_LINE.test(content) || (content.includes('From ') && QUOTED_PRINTABLE.test(content));
  return encode ? { content, contentTransferEncoding: 'base64' as const } : content;
}

function withCrlf(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n');
}

function pictureOf({ id, bytes }: Picture) {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    cid: id,
    content,
    filename: `${id.replace(/@.*/, '')}.png`,
    contentType: 'image/png',
    contentDisposition: 'inline' as const,
  };
}

function attachmentOf(file: MessageFile) {
  const name = file.name
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[.-]+/, '')
    .slice(-120);
  const filename = name === '' ? 'attachment' : name;
  return {
    filename,
    // Absolute, so that it can only ever be read as a path.
    path: resolve(file.path),
    contentType: CONTENT_TYPES[extname(filename).toLowerCase()] ?? 'application/octet-stream',
  };
}
