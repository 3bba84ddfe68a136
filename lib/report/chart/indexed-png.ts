import { crc32 } from 'node:zlib';
import { zlibSync } from 'fflate';

/** Bytes before the first chunk of every PNG. */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const COLOURS = 256;
/** A twentieth more bytes than with the usual level and table (6, and one of 2 MB), in half the time: 3.9 ms instead of 7.5. */
const PACKING = { level: 5, mem: 4 } as const;

/**
 * A picture as PNG with a palette (ISO/IEC 15948): a third of what one with full colours takes, as drawings have few. It is packed by a
 * program in JavaScript, because what zlib makes of the same bytes differs between machines. Undefined when there are more than 256 colours.
 * @param pixels four bytes each (red, green, blue, alpha), all of them opaque
 */
export function indexedPng(width: number, height: number, pixels: Uint8Array): Uint8Array | undefined {
  const colours = new Map<number, number>();
  const rows = new Uint8Array((width + 1) * height);
  // Words in the order of this machine's bytes: they are only compared, and the palette is taken from the bytes.
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height);
  const palette: number[] = [];
  // Neighbours mostly have one colour: a picture has half a million pixels, and some ten thousand changes of colour.
  let last = -1;
  let index: number | undefined;
  for (let y = 0; y < height; y++) {
    const from = y * width;
    // The first byte of a row says that it is not filtered.
    let to = y * (width + 1) + 1;
    // Half of all rows are the same as the one above.
    if (y > 0 && sameRow(words, from, width)) {
      rows.copyWithin(to, to - width - 1, to - 1);
      continue;
    }
    for (let at = from; at < from + width; at++) {
      const colour = words[at]!;
      if (colour !== last) {
        last = colour;
        index = colours.get(colour);
        if (index === undefined) {
          if (colours.size === COLOURS) return undefined;
          colours.set(colour, (index = colours.size));
          palette.push(...pixels.subarray(at * 4, at * 4 + 3));
        }
      }
      rows[to++] = index!;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  return Buffer.concat([
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('PLTE', Uint8Array.from(palette)),
    chunk('IDAT', zlibSync(rows, PACKING)),
    chunk('IEND', new Uint8Array()),
  ]);
}

function sameRow(words: Uint32Array, from: number, width: number): boolean {
  for (let at = from; at < from + width; at++) if (words[at] !== words[at - width]) return false;
  return true;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
