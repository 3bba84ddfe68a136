/** Least number of characters of a block, except of the last one. */
const BLOCK = 64 * 1024;

/** Joins pieces of a text into blocks worth one write each; an empty text gives none. */
export function* joinIntoBlocks(pieces: Iterable<string>): Generator<string> {
  let waiting: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    waiting.push(piece);
    length += piece.length;
    if (length < BLOCK) continue;
    yield waiting.join('');
    waiting = [];
    length = 0;
  }
  if (length > 0) yield waiting.join('');
}
