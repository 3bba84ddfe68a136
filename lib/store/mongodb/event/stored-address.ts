import { formatIPv4, formatIPv6 } from '../../../model/network/address.ts';
import { toList, toObject, toObjects, toText } from '../../../model/event/object-view.ts';

/*
 * Addresses in the layout of other writers: an object with the text under `ip`, or with the bounds under `min` and `max`, which are numbers
 * for IPv4 and 16 bytes for IPv6. In an event's body they are texts, as in IDEA0.
 */

const FAMILIES = [
  ['IP4', 32],
  ['IP6', 128],
] as const;

/** Replaces the addresses of the sections (`Source` or `Target`) that are objects; those that cannot be read stay. */
export function replaceStoredAddresses(sections: unknown): void {
  for (const section of toObjects(sections)) {
    for (const [family, bits] of FAMILIES) {
      const member = section[family];
      if (!toList(member).some((address) => toObject(address) !== undefined)) continue;
      const texts = toList(member).map((address) => storedAddress(address, bits) ?? address);
      (section as Record<string, unknown>)[family] = texts;
    }
  }
}

function storedAddress(address: unknown, bits: 32 | 128): string | undefined {
  const object = toObject(address);
  if (object === undefined) return undefined;
  const text = toText(object['ip']);
  if (text !== undefined) return text;
  const [low, high] = [parseBound(object['min'], bits), parseBound(object['max'], bits)];
  return low === undefined || high === undefined ? undefined : formatRange(low, high, bits);
}

/** A number, or the base64 text that 16 bytes are decoded to. */
function parseBound(value: unknown, bits: 32 | 128): bigint | undefined {
  if (typeof value === 'bigint') return within(value, bits);
  if (typeof value === 'number') return Number.isInteger(value) ? within(BigInt(value), bits) : undefined;
  if (typeof value !== 'string') return undefined;
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === 16 ? within(BigInt(`0x${bytes.toString('hex')}`), bits) : undefined;
}

function within(value: bigint, bits: 32 | 128): bigint | undefined {
  return value >= 0n && value < 1n << BigInt(bits) ? value : undefined;
}

/** An address when both are equal, a net when they are the bounds of one, else a range. */
function formatRange(low: bigint, high: bigint, bits: 32 | 128): string {
  const format = (value: bigint) => (bits === 32 ? formatIPv4(Number(value)) : formatIPv6(value));
  if (low === high) return format(low);
  const size = high - low + 1n;
  const isBlock = size > 0n && (size & (size - 1n)) === 0n && low % size === 0n;
  if (!isBlock) return `${format(low)}-${format(high)}`;
  return `${format(low)}/${bits - (size.toString(2).length - 1)}`;
}
