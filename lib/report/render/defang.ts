import { createRequire } from 'node:module';
import { parseAddress } from '../../model/network/address.ts';
import type { Defang } from '../../model/group/group.ts';

/*
 * Text out of events, written so that no mail program makes a link of it, and a person still reads what it was:
 *
 *   http://evil.example/x  ->  hxxp://evil[.]example/x     (https: hxxps, ftp: fxp, any other scheme: scheme[:]//)
 *   www.evil.test          ->  www[.]evil[.]test
 *   evil.com               ->  evil[.]com                  (names under a top-level domain that exists; others nobody links)
 *   someone@evil.com       ->  someone[@]evil[.]com
 *
 * and, when addresses are to be defanged, too: 192[.]0[.]2[.]1 and 2001[:]db8[:][:]1.
 */

/** What some programs take for a dot of a name. */
const DOT = '[.\u3002\uff0e\uff61]';
const LABEL = '[\\p{L}\\p{M}\\p{N}_-]+';
const SCHEME = /([a-z][a-z0-9+-]*):\/\//gi;
const SUSPECT = new RegExp(
  [
    `(?<=(?::|\\[:\\])\\/\\/)(?<authority>[^\\s/?#"'<>]+)`,
    `(?<=\\S)(?<at>@)(?=\\S)`,
    `(?<name>${LABEL}(?:${DOT}${LABEL})+)`,
    `(?<colons>[0-9a-f]*:[0-9a-f]*(?::[0-9a-f]*)+(?:\\.[0-9]+){0,3})`,
  ].join('|'),
  'giu',
);
/** An address by itself: most texts of a mail that hold a dot or a colon. */
const ADDRESS = /^(?:[0-9.]+|[0-9a-f:]+)$/;
const DOTS = new RegExp(DOT, 'g');
const LOOSE_DOTS = new RegExp(`(?<!\\[)${DOT}(?!\\])`, 'g');
const SCHEMES: Readonly<Record<string, string>> = {
  http: 'hxxp://',
  https: 'hxxps://',
  ftp: 'fxp://',
  hxxp: 'hxxp://',
  hxxps: 'hxxps://',
  fxp: 'fxp://',
};

let topLevel: ReadonlySet<string> | undefined;

/** The text as a mail prints it; what was made harmless before stays as it is. */
export function defang(text: string, level: Defang): string {
  if (level === 'none' || !/[.:@\u3002\uff0e\uff61]/.test(text)) return text;
  const addresses = level === 'all';
  if (!addresses && ADDRESS.test(text)) return text;
  return text
    .replace(SCHEME, (_, scheme: string) => SCHEMES[scheme.toLowerCase()] ?? `${scheme}[:]//`)
    .replace(SUSPECT, (...match) => {
      const { authority, at, name, colons } = match.at(-1) as Partial<Record<string, string>>;
      if (authority !== undefined) return apart(authority);
      if (at !== undefined) return '[@]';
      if (name !== undefined) return isLinkable(name, addresses) ? apart(name) : name;
      return addresses && parseAddress(colons!, 6) !== undefined
        ? apart(colons!).replaceAll(':', '[:]')
        : colons!;
    });
}

function apart(name: string): string {
  return name.replace(LOOSE_DOTS, '[.]').replaceAll(/(?<!\[)@/g, '[@]');
}

function isLinkable(name: string, addresses: boolean): boolean {
  const labels = name.toLowerCase().split(DOTS);
  const last = labels.at(-1)!;
  if (/^[0-9]+$/.test(last)) return addresses && parseAddress(labels.join('.'), 4) !== undefined;
  topLevel ??= new Set(createRequire(import.meta.url)('tlds') as string[]);
  return labels[0] === 'www' || topLevel.has(last) || last.startsWith('xn--');
}
