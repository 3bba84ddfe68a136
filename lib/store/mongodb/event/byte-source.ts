import { formatIPv4, parseAddress, type AddressRange } from '../../../model/network/address.ts';
import type { Source } from '../../../model/event/event.ts';
import { ARRAY, DOCUMENT, endOfName, endOfValue, int32At, STRING, textAt } from './bson.ts';

/** A single IPv4 address: a number, and its text when somebody asks. Source and range in one, because every event makes one. */
class Address4 implements Source, AddressRange {
  readonly low: number;

  constructor(address: number) {
    this.low = address;
  }

  get family(): 4 {
    return 4;
  }

  get notation(): 'address' {
    return 'address';
  }

  get high(): number {
    return this.low;
  }

  get range(): AddressRange {
    return this;
  }

  get text(): string {
    return formatIPv4(this.low);
  }
}

/** Lists longer than this are looked up by text when they are freed of copies. */
const FEW = 8;

/** Collects the sources of an event, each text once. */
class Sources {
  readonly found: Source[] = [];
  #texts: Set<string> | undefined;

  addIPv4(address: number): void {
    const { found } = this;
    if (found.length <= FEW) {
      for (const source of found) if (source instanceof Address4 && source.low === address) return;
      found.push(new Address4(address));
    } else this.add(new Address4(address));
  }

  add(source: Source): void {
    const { found } = this;
    if (found.length <= FEW) {
      if (found.some((one) => one.text === source.text)) return;
    } else {
      this.#texts ??= new Set(found.map((one) => one.text));
      if (this.#texts.has(source.text)) return;
      this.#texts.add(source.text);
    }
    found.push(source);
  }
}

/**
 * Sources of an event whose `Source` is a list that begins here; undefined when it is not laid out as IDEA0 has it (a list of objects with
 * lists of texts), which is then for a slower reader.
 */
export function readSources(bytes: Buffer, start: number): readonly Source[] | undefined {
  const sources = new Sources();
  const end = start + int32At(bytes, start) - 1;
  for (let at = start + 4; at < end;) {
    if (bytes[at] !== DOCUMENT) return undefined;
    const section = endOfName(bytes, at + 1) + 1;
    if (!readSection(bytes, section, sources)) return undefined;
    at = section + int32At(bytes, section);
  }
  return sources.found;
}

function readSection(bytes: Buffer, start: number, sources: Sources): boolean {
  let [ip4, ip6] = [0, 0];
  const end = start + int32At(bytes, start) - 1;
  for (let at = start + 4; at < end;) {
    const type = bytes[at]!;
    const nameEnd = endOfName(bytes, at + 1);
    // `IP4` or `IP6`
    if (nameEnd - at === 4 && bytes[at + 1] === 73 && bytes[at + 2] === 80) {
      if (bytes[at + 3] === 52) ip4 = at;
      else if (bytes[at + 3] === 54) ip6 = at;
    }
    at = endOfValue(bytes, type, nameEnd + 1);
  }
  return readAddresses(bytes, ip4, 4, sources) && readAddresses(bytes, ip6, 6, sources);
}

/** @param element where the list's element begins; 0: there is none */
function readAddresses(bytes: Buffer, element: number, family: 4 | 6, sources: Sources): boolean {
  if (element === 0) return true;
  if (bytes[element] !== ARRAY) return false;
  const start = element + 5;
  const end = start + int32At(bytes, start) - 1;
  for (let at = start + 4; at < end;) {
    if (bytes[at] !== STRING) return false;
    const text = endOfName(bytes, at + 1) + 1;
    at = endOfValue(bytes, STRING, text);
    const address = family === 4 ? ipv4At(bytes, text + 4, at - 1) : -1;
    if (address >= 0) sources.addIPv4(address);
    else {
      const range = parseAddress(textAt(bytes, text), family);
      if (range !== undefined) sources.add({ text: range.text, range });
    }
  }
  return true;
}

/** As in address.ts, off the bytes of a text: the address, or -1. */
function ipv4At(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 7 || end - start > 15) return -1;
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    if (c === 46) {
      if (octet < 0) return -1;
      value = value * 256 + octet;
      octet = -1;
      dots++;
    } else if (c >= 48 && c <= 57 && octet !== 0) {
      octet = octet < 0 ? c - 48 : octet * 10 + c - 48;
      if (octet > 255) return -1;
    } else return -1;
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : -1;
}
