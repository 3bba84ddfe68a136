import { parseAddress } from '../../model/network/address.ts';

/** What a source is known by: an address, net or range; a name of another sort (host, mail address, URL, MAC); or nothing at all. */
export type SourceKind = 'address' | 'named' | 'unnamed';

export function sourceKind(source: string): SourceKind {
  if (source === '-') return 'unnamed';
  return parseAddress(source) === undefined ? 'named' : 'address';
}
