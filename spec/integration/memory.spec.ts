import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { generatedReplay } from '../../bench/cases/program.ts';
import { measure } from '../../bench/measure.ts';

const HEAP = ['--max-old-space-size=128'];
const FEW = 30_000;
const MANY = 300_000;
/** So many of them are reported, of the few as of the many: what is left out has to cost no memory. */
const REPORTED = 3000;
/** The known half of the addresses of every group. */
const KNOWN = `Source.IP4 in [${Array.from({ length: 4 }, (_, i) => `10.${i}.0.0/21`).join(', ')}] or Source.IP6 in [${Array.from({ length: 4 }, (_, i) => `2001:db8:${i}::/117`).join(', ')}]`;
/** Bytes. The table of the IDs seen takes 13 MB of it. */
const GROWTH = 30e6;
const MOST = 256e6;

/** The peak of the resident set of a process that replays so many events, bytes. */
async function peakOf(events: number): Promise<number> {
  const root = await mkdtemp(join(tmpdir(), 'memory-'));
  try {
    const data = { events, groups: 4, sources: 16_000, known: 1 - REPORTED / events };
    const { peak } = await measure(await generatedReplay(data, root, KNOWN), { root, execArgv: HEAP });
    return peak;
  } finally {
    await rm(root, { recursive: true });
  }
}

describe('memory', function () {
  this.timeout(180_000);

  it('does not grow with the number of events', async () => {
    const [few, many] = [await peakOf(FEW), await peakOf(MANY)];
    const told = `${Math.round(few / 1e6)} MB for ${FEW} events, ${Math.round(many / 1e6)} MB for ${MANY}`;
    assert.ok(many - few < GROWTH && many < MOST, told);
  });
});
