import { parseAddress } from '../../model/network/address.ts';
import { UserError } from '../../model/user-error.ts';
import { quoted } from './print.ts';

/** What a basic filter lists; a missing list is an empty one. */
export interface BasicLists {
  /** Names of detectors. */
  readonly analyzers?: readonly string[];
  readonly categories?: readonly string[];
  /** Addresses, networks and ranges of both families. */
  readonly ips?: readonly string[];
}

/**
 * The expression of a basic filter, which matches an event when any of the lists names it; in the form of the form-based editor.
 * @throws UserError when all lists are empty, for a bad address, and for a text that no quotes fit around
 */
export function basicExpression({ analyzers = [], categories = [], ips = [] }: BasicLists): string {
  const family = (ip: string) => {
    const range = parseAddress(ip);
    if (range !== undefined) return range.family;
    throw new UserError({
      what: 'ips: not an address',
      got: ip,
      expected: 'an address, a net or a range, IPv4 or IPv6',
    });
  };
  const parts = [
    membership('Node.Name', analyzers, 'analyzers'),
    membership('Category', categories, 'categories'),
    membership(
      'Source.IP4',
      ips.filter((ip) => family(ip) === 4),
      'ips',
    ),
    membership(
      'Source.IP6',
      ips.filter((ip) => family(ip) === 6),
      'ips',
    ),
  ].filter((part) => part !== '');
  if (parts.length === 0)
    throw new UserError({ what: 'basic filter is empty', expected: 'analyzers, categories or ips' });
  return parts.join(' OR ');
}

function membership(path: string, values: readonly string[], list: string): string {
  if (values.length === 0) return '';
  for (const value of values)
    if (value.includes('"') && value.includes("'"))
      throw new UserError({ what: `${list}: a text cannot hold both kinds of quotes`, got: value });
  return `${path} IN [${values.map(quoted).join(',')}]`;
}
