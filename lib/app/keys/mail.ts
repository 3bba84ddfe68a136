import type { Key } from './key.ts';

const section = 'Mail';

/** Keys that say how mails go out, and what overrides their headers. */
export const MAIL_KEYS = {
  mail: {
    section,
    kind: 'text',
    otherwise: 'spool:/var/mentat/spool',
    about: 'smtp://HOST, smtps://HOST, sendmail:[PATH], or spool:DIR (one .eml a message)',
  },
  mail_test_mode: {
    section,
    kind: 'flag',
    default: false,
    about: 'send everything to --mail-to when given, else to --mail-admin; never Cc, Bcc',
  },
  mail_admin: {
    section,
    kind: 'texts',
    default: ['root'],
    about: 'where redirected mail goes; repeatable',
  },
  mail_from: {
    section,
    kind: 'text',
    default: 'mentat-reporter@localhost',
    about: 'sender; its domain is that of every Message-ID',
  },
  mail_to: { section, kind: 'texts', about: 'replaces To; repeatable' },
  mail_cc: { section, kind: 'texts', about: 'replaces Cc; repeatable' },
  mail_bcc: { section, kind: 'texts', about: 'replaces Bcc; repeatable' },
  mail_reply_to: { section, kind: 'texts', about: 'replaces Reply-To; repeatable' },
  mail_return_path: { section, kind: 'text', about: 'replaces the envelope sender' },
  mail_subject: { section, kind: 'text', about: 'replaces the subject' },
  retry_for: {
    section,
    kind: 'integer',
    minimum: 0,
    default: 3 * 86_400,
    option: null,
    about: 'seconds after which a mail that is refused for now is given up',
  },
  ambiguous: {
    section,
    kind: 'choice',
    choices: ['resend', 'hold'],
    default: 'resend',
    option: null,
    about: 'a mail whose delivery cannot be told is sent again, or waits for a person',
  },
  message_keep: {
    section,
    kind: 'integer',
    minimum: 0,
    default: 7,
    option: null,
    about: 'days a finished message is kept after its delivery was settled',
  },
} as const satisfies Record<string, Key>;
