import type { Instant } from '../../model/time.ts';

/** Headings of help and reference pages, in their order: those of the reference, then ours. */
export const SECTIONS = [
  'Common application options',
  'Common script options',
  'Common fetcher options',
  'Mailer options',
  'Reporter options',
  'Outbox options',
  'Further options',
] as const;

interface Common {
  readonly section: (typeof SECTIONS)[number];
  /** For the help: what it does, without a full stop. */
  readonly about: string;
  /** A value as a configuration file may have it, other than the default. */
  readonly example: unknown;
  /** What the help calls the value of the option, where the kind does not say it well enough: `PATH`. */
  readonly takes?: string;
  /** Name on the command line when it is not the key with dashes; null: the key has no option. */
  readonly option?: string | null;
  /** More names on the command line. */
  readonly aliases?: readonly string[];
  /** True: taken from the command line and the environment only, because configuration files come too late. */
  readonly early?: true;
  /** Key that must not be given beside this one on a command line. */
  readonly conflicts?: string;
  /** The default in words, where it is derived. */
  readonly otherwise?: string;
}

/** What a text has to look like beyond being one. */
interface Form {
  readonly pattern?: string;
  /** The pattern in words. */
  readonly expected?: string;
}

/** A text for which an empty one would mean nothing. */
export const NOT_EMPTY = { pattern: '.', expected: 'a text that is not empty' } as const;

/** One key of the configuration: its option, its check and its help are all made from this. */
export type Key = Common &
  (
    | { readonly kind: 'flag'; readonly default: false }
    | { readonly kind: 'count'; readonly default: 0 }
    | {
        readonly kind: 'integer';
        readonly minimum: number;
        readonly maximum?: number;
        readonly default?: number;
      }
    | ({ readonly kind: 'text'; readonly default?: string } & Form)
    /** A name that may become part of a path. */
    | { readonly kind: 'name'; readonly default?: string }
    | { readonly kind: 'texts'; readonly default?: readonly string[] }
    /** A user or group of the system: its name or its number. */
    | { readonly kind: 'account' }
    | { readonly kind: 'time' }
    | { readonly kind: 'zone' }
    | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly default?: string }
    | { readonly kind: 'choices'; readonly choices: readonly string[]; readonly default?: readonly string[] }
    | { readonly kind: 'object'; readonly default?: Readonly<Record<string, unknown>> }
  );

type Given<K extends Key> = K extends { kind: 'choice'; choices: readonly (infer C)[] }
  ? C
  : K extends { kind: 'choices'; choices: readonly (infer C)[] }
    ? readonly C[]
    : K extends { kind: 'flag' }
      ? boolean
      : K extends { kind: 'count' | 'integer' }
        ? number
        : K extends { kind: 'account' }
          ? string | number
          : K extends { kind: 'time' }
            ? Instant
            : K extends { kind: 'texts' }
              ? readonly string[]
              : K extends { kind: 'object' }
                ? Readonly<Record<string, unknown>>
                : string;

/** What the program finds under a key; undefined only where there is no default. */
export type ValueOf<K extends Key> = K extends { default: unknown } ? Given<K> : Given<K> | undefined;
