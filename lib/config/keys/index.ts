import { APPLICATION_KEYS } from './application.ts';
import type { Key, ValueOf } from './key.ts';
import { MAIL_KEYS } from './mail.ts';
import { OUTBOX_KEYS } from './outbox.ts';
import { OUTPUT_KEYS } from './output.ts';
import { RECORD_KEYS } from './records.ts';
import { REPORT_KEYS } from './reports.ts';
import { RUN_KEYS } from './run.ts';
import { STORE_KEYS } from './store.ts';

const DECLARED = {
  ...APPLICATION_KEYS,
  ...RECORD_KEYS,
  ...RUN_KEYS,
  ...STORE_KEYS,
  ...MAIL_KEYS,
  ...OUTBOX_KEYS,
  ...REPORT_KEYS,
  ...OUTPUT_KEYS,
} as const;

export type KeyName = keyof typeof DECLARED;

/** Every key. */
export const KEYS: Readonly<Record<KeyName, Key>> = DECLARED;

export const KEY_NAMES = Object.keys(KEYS) as readonly KeyName[];

/** A whole configuration: every key with its value, or with undefined where there is neither value nor default. */
export type Config = { readonly [K in KeyName]: ValueOf<(typeof DECLARED)[K]> };

export function isKey(name: string): name is KeyName {
  return Object.hasOwn(KEYS, name);
}

/** The key's name on the command line, without dashes; undefined when it has none. */
export function optionOf(name: KeyName): string | undefined {
  const { option } = KEYS[name];
  return option === null ? undefined : (option ?? name.replaceAll('_', '-'));
}
