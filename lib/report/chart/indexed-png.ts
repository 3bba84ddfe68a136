import { crc32 } from 'node:zlib';
import { zlibSync } from 'fflate';

/** Bytes before the first chunk of every PNG. */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const COLOURS = 256;

/**
 * A picture as PNG with a palette (ISO/IEC 15948): a third of what one with full colours takes, as drawings have few. It is packed by a
 * program in JavaScript, because what zlib makes of the same bytes differs between machines. Undefined when there are more than 256 colours.
 * @param pixels four bytes each (red, green, blue, alpha), all of them opaque
 */
export function indexedPng(width: number, height: number, pixels: Uint8Array): Uint8Array | undefined {
  const colours = new Map<number, number>();
  const rows = new Uint8Array((width + 1) * height);
  // Neighbours mostly have one colour: a picture has half a million pixels, and some ten thousand changes of colour.
  let last = -1;
  let index: number | undefined;
  for (let at = 0, y = 0; y < height; y++) {
    // The first byte of a row says that it is not filtered.
    let to = y * (width + 1) + 1;
    for (let x = 0; x < width; x++, at += 4) {
      const colour = (pixels[at]! << 16) | (pixels[at + 1]! << 8) | pixels[at + 2]!;
      if (colour !== last) {
        last = colour;
        index = colours.get(colour);
        if (index === undefined) {
          if (colours.size === COLOURS) return undefined;
          colours.set(colour, (index = colours.size));
        }
      }
      rows[to++] = index!;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  const palette = Uint8Array.from([...colours.keys()].flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]));
  return Buffer.concat([
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', zlibSync(rows, { level: 6 })),
    chunk('IEND', new Uint8Array()),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
