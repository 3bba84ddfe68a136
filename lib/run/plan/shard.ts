import { createHash } from 'node:crypto';
import { UserError } from '../../model/user-error.ts';

/** One of `count` processes that share the groups; `index` is 0-based. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Reads `I/N`. Throws a UserError of usage for anything else, and for an index that no shard has. */
export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (index !== undefined && shard.index < shard.count) return shard;
  const expected = 'I/N with I from 0 to N - 1, for example 0/4';
  throw new UserError({ what: 'invalid shard', where: '--shard', got: text, expected }, { usage: true });
}

/** Whether a group belongs to this shard: by the first 8 bytes of the SHA-256 of its name, modulo the number of shards. */
export function inShard(group: string, { index, count }: Shard): boolean {
  const hash = createHash('sha256').update(group).digest().readBigUInt64BE(0);
  return hash % BigInt(count) === BigInt(index);
}
