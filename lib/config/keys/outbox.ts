import { OUTBOX_STATES } from '../../store/port.ts';
import { NOT_EMPTY, type Key } from './key.ts';

const section = 'Outbox options';

/** Keys that select mails for the outbox actions, and say what becomes of them. Options only: a file would select without anybody asking. */
export const OUTBOX_KEYS = {
  label: {
    section,
    kind: 'texts',
    early: true,
    takes: 'LABEL',
    example: ['M20261110SL-ABCDE'],
    about: 'mails of these reports; repeatable',
  },
  recipient: {
    section,
    kind: 'texts',
    early: true,
    takes: 'ADDRESS',
    example: ['abuse@example.org'],
    about: 'mails to these recipients; repeatable',
  },
  state: {
    section,
    kind: 'choices',
    early: true,
    choices: OUTBOX_STATES,
    example: ['failed'],
    about: 'mails in these states; repeatable',
  },
  reason: {
    section,
    kind: 'text',
    ...NOT_EMPTY,
    early: true,
    takes: 'TEXT',
    example: 'told by phone',
    about: 'why mails are dropped; kept with them',
  },
  forget: {
    section,
    kind: 'flag',
    early: true,
    default: false,
    example: true,
    about:
      'outbox-drop: end the thresholds that the reports have set, so that their sources are reported again',
  },
} as const satisfies Record<string, Key>;
