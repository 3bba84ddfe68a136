import { AddressCollector, type EventAddresses } from '../../../model/event/event-addresses.ts';
import { ARRAY, DOCUMENT, endOfName, endOfValue, int32At, STRING, textAt } from './bson.ts';
import { ElementNames, type Elements } from './locate.ts';

const MEMBERS = new ElementNames('IP4', 'IP6');
const [IP4, IP6] = [0, 1] as const;

/**
 * The addresses of an event whose `Source` array begins here; undefined when it is not laid out as IDEA0 has it (objects with arrays of
 * texts), which is left to the reader of decoded events. Takes half the time of decoding `Source`: 2.2 µs instead of 4.5 for a whole view.
 */
export function addressesAt(bytes: Buffer, start: number): EventAddresses | undefined {
  const found = new AddressCollector();
  const end = start + int32At(bytes, start) - 1;
  for (let at = start + 4; at < end;) {
    if (bytes[at] !== DOCUMENT) return undefined;
    const section = endOfName(bytes, at + 1) + 1;
    const members = MEMBERS.locate(bytes, section);
    if (!readAddresses(bytes, members, IP4, found) || !readAddresses(bytes, members, IP6, found))
      return undefined;
    at = section + int32At(bytes, section);
  }
  return found.addresses;
}

/** False when the member is there and not an array of texts. */
function readAddresses(
  bytes: Buffer,
  members: Elements,
  member: typeof IP4 | typeof IP6,
  found: AddressCollector,
): boolean {
  const type = members.type(member);
  if (type !== ARRAY) return type === 0;
  const start = members.value(member);
  const end = start + int32At(bytes, start) - 1;
  for (let at = start + 4; at < end;) {
    if (bytes[at] !== STRING) return false;
    const value = endOfName(bytes, at + 1) + 1;
    found.add(textAt(bytes, value), member === IP4 ? 4 : 6);
    at = endOfValue(bytes, STRING, value);
  }
  return true;
}
