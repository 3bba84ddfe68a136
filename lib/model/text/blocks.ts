/** Characters of a block, at least, but of the last one: enough that writing it costs little beside making it. */
const BLOCK = 64 * 1024;

/** Pieces of a text put together into blocks that are worth a write; none of an empty text. */
export function* blocksOf(pieces: Iterable<string>): Generator<string> {
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
