import type { MessageInput } from '../../../lib/mail/message.ts';
import type { MailOptions } from '../../../lib/mail/options.ts';
import type { OutgoingMail } from '../../../lib/mail/transport.ts';
import { timingsOf, type Group, type Settings } from '../../../lib/model/group/group.ts';

/** Mail options as a fresh installation has them. */
export function mailOptions(own: Partial<MailOptions> = {}): MailOptions {
  return {
    from: 'Mentat Reporter <reports@mentat.example>',
    subject: undefined,
    to: undefined,
    cc: undefined,
    bcc: undefined,
    replyTo: undefined,
    returnPath: undefined,
    admin: ['root'],
    testMode: false,
    ambiguous: 'resend',
    retryFor: 5 * 86_400,
    messageKeep: 7,
    ...own,
  };
}

export function groupOf(name: string, settings: Partial<Settings> = {}): Group {
  return {
    name,
    description: '',
    enabled: true,
    networks: [],
    filters: [],
    settings: {
      emails: [],
      mode: 'summary',
      attachments: 'json',
      template: 'default',
      locale: 'en',
      timezone: 'UTC',
      defang: 'urls',
      timings: timingsOf({}),
      mute: false,
      redirect: false,
      compress: false,
      xarf: false,
      autoSubmitted: true,
      maxAttachmentSize: 10_485_760,
      ...settings,
    },
  };
}

export const LABEL = 'M20260301SM-AB3DE';

/** A summary's message to one recipient, without attachments. */
export function messageInput(
  record: Partial<MessageInput['record']> = {},
  own: Partial<Omit<MessageInput, 'record'>> = {},
): MessageInput {
  return {
    record: {
      label: LABEL,
      type: 'summary',
      severity: 'medium',
      parent: null,
      source: null,
      dt_from: '2026-03-01T10:00:00Z',
      dt_to: '2026-03-01T12:00:00Z',
      flag_testdata: false,
      statistics: {
        cnt_alerts: 3,
        cnt_events: 3,
        cnt_recurring: 0,
        cnt_unique: 3,
        categories: { 'Recon.Scanning': 2, 'Attempt.Login': 1 },
        classes: { 'recon-scanning': 2, __REST__: 1 },
      },
      subject: `[${LABEL}] Medium - Notice about possible problems in your network`,
      message: 'Dear colleagues,\n\nsomething happened.\n',
      evcount_rep: 3,
      ...record,
    },
    recipients: { to: ['abuse@victim.example'], cc: [], mark: undefined },
    options: mailOptions(),
    date: Date.UTC(2026, 2, 1, 12, 0, 0),
    attachments: [],
    ...own,
  };
}

/** A mail ready to go; the content defaults to a small message. */
export function outgoing(own: Partial<OutgoingMail> & { text?: string } = {}): OutgoingMail {
  const { text = 'Subject: hello\r\n\r\nfirst\r\n.second\r\n', ...rest } = own;
  return {
    label: LABEL,
    number: 1,
    sender: 'reports@mentat.example',
    recipient: 'abuse@victim.example',
    envelopeId: `${LABEL}@mentat.example`,
    content: () => chunksOf(text),
    ...rest,
  };
}

/** A text as a stream of bytes, 16 KiB a chunk. */
// eslint-disable-next-line @typescript-eslint/require-await -- what it stands for is read from a store
export async function* chunksOf(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 16_384) yield bytes.subarray(at, at + 16_384);
}

/** All bytes of a stream in one buffer. */
export async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
