import { domainToASCII } from 'node:url';

/** One mailbox. Its address can neither add a header, end an SMTP command nor be read as an option. */
export interface Mailbox {
  /** Display name, maybe empty. */
  readonly name: string;
  /** ASCII, the domain in lower case and as A-labels. */
  readonly address: string;
}

// atext of RFC 5322 3.2.3 between single dots. A leading `-` is allowed there, yet a mail program would read it as an option.
const LOCAL = /^(?!-)[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(?:\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*$/;
const DOMAIN =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const NAMED = /^(?:"([^"\\<>]*)"\s*|([^"\\<>@]*))<([^<>]*)>$/;
// Controls, bidirectional controls, separators of lines.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
const NON_ASCII = /[^\u0000-\u007f]/;
const LONGEST = 1_000;

/**
 * Reads `local@domain` or `Name <local@domain>`; undefined for anything else. Lengths as in RFC 5321 4.5.3.1. Domains in
 * other scripts become A-labels; a local part in another script is refused, because it reaches its mailbox only over relays that all speak
 * SMTPUTF8 (RFC 6531), and mails over a relay without it would be lost. Quoted local parts and domain
 * literals are refused, too: no abuse address has one.
 */
export function readMailbox(text: string): Mailbox | undefined {
  const trimmed = text.length > LONGEST ? '' : text.trim();
  if (CONTROL.test(trimmed)) return undefined;
  const named = NAMED.exec(trimmed);
  const address = readAddress((named?.[3] ?? trimmed).trim());
  return address === undefined ? undefined : { name: (named?.[1] ?? named?.[2] ?? '').trim(), address };
}

/** As {@link readMailbox}, and a bare name such as `root` is one at the given domain. For what an operator writes, not for groups. */
export function readMailboxAt(text: string, domain: string): Mailbox | undefined {
  return readMailbox(text) ?? readMailbox(`${text.trim()}@${domain}`);
}

/** What follows the `@`. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function readAddress(text: string): string | undefined {
  const parts = text.split('@');
  const [local, written] = parts;
  if (parts.length !== 2 || local === undefined || written === undefined) return undefined;
  if (local.length > 64 || !LOCAL.test(local)) return undefined;
  // Only what needs it: of plain text a URL's idea of a host would make numbers and escapes into something else.
  const domain = NON_ASCII.test(written) ? domainToASCII(written) : written.toLowerCase();
  const address = `${local}@${domain}`;
  // A top level of digits only is an address of a host, not a name (RFC 3696 2).
  if (!DOMAIN.test(domain) || /(?:^|\.)\d+$/.test(domain) || address.length > 254) return undefined;
  // As it was given where it is the same: what is known of a lane to the end of a run keeps no text of its own then.
  return address === text ? text : address;
}
