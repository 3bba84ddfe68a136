import { constants, crc32, deflateSync } from 'node:zlib';

/** Bytes before the first chunk of every PNG. */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const COLOURS = 256;
/** What a row begins with: its bytes say how it differs from the row above. */
const UP = 2;
/**
 * Runs of one byte are all that is looked for: most rows are the same as the one above, which makes runs of zeros of them. Finding texts that occur again is
 * what zlibs do differently; it saved a sixth of the bytes in ten times the time.
 */
const PACKING = { strategy: constants.Z_RLE, memLevel: 8 } as const;

/**
 * A picture as PNG with a palette (ISO/IEC 15948): a third of what one with full colours takes, as drawings have few. The same bytes for the same
 * pixels. Undefined when there are more than 256 colours.
 * @param pixels four bytes each (red, green, blue, alpha), all of them opaque
 */
export function indexedPng(width: number, height: number, pixels: Uint8Array): Uint8Array | undefined {
  const colours = new Map<number, number>();
  const rows = new Uint8Array((width + 1) * height);
  const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.length);
  // Words in the order of this machine's bytes: they are only compared, and the palette is taken from the bytes. Signed ones, as those of
  // opaque colours are small numbers then, which a map finds twice as fast.
  const words = new Int32Array(pixels.buffer, pixels.byteOffset, width * height);
  const palette: number[] = [];
  // The index of the last colour in each column.
  const above = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    const from = y * width;
    const to = y * (width + 1);
    rows[to] = UP;
    // More than half of all rows are the same as the one above.
    if (y > 0 && sameRow(bytes, from * 4, width * 4)) continue;
    for (let x = 0; x < width; x++) {
      const colour = words[from + x]!;
      // So are nine of ten pixels of the others: of half a million, some 25,000 are looked up.
      if (y > 0 && colour === words[from + x - width]) continue;
      let index = colours.get(colour);
      if (index === undefined) {
        if (colours.size === COLOURS) return undefined;
        colours.set(colour, (index = colours.size));
        palette.push(...pixels.subarray((from + x) * 4, (from + x) * 4 + 3));
      }
      rows[to + 1 + x] = index - above[x]!;
      above[x] = index;
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
    chunk('IDAT', deflateSync(rows, PACKING)),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** Compared as bytes in one call, which takes 0.1 ms a picture; word for word it takes 1 ms. */
function sameRow(bytes: Buffer, from: number, length: number): boolean {
  return bytes.compare(bytes, from - length, from, from, from + length) === 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
