import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'mocha';
import { openEmbeddedStore } from '../../../../lib/store/embedded/index.ts';
import { makeFolder } from '../../../support/folder.ts';
import { whatHappened } from '../../../support/store/reporter.ts';

const SCRIPT = fileURLToPath(import.meta.resolve('../../../support/store/racing-process.js'));
const LANES = Array.from({ length: 25 }, (_, i) => `live/low/group-${i}`);

describe('lib/store/embedded processes', () => {
  it('race for the same lanes of a new file: each is reported once, and each knows by whom', async () => {
    const folder = makeFolder();
    const path = folder.at('store.db');
    const race = async (run: string): Promise<string[]> => {
      const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, path, run, ...LANES]);
      return JSON.parse(stdout) as string[];
    };
    const won = await Promise.all(['run-1', 'run-2', 'run-3'].map(race));
    assert.deepEqual(won.flat().sort(), [...LANES].sort());
    const store = openEmbeddedStore(path);
    for (const lane of LANES) {
      const winner = won.findIndex((lanes) => lanes.includes(lane));
      assert.deepEqual(await whatHappened(store, lane), [`run-${winner + 1}`]);
    }
    assert.deepEqual(await store.lanes.pending(), []);
    await store.close();
    folder.remove();
  }).timeout(10_000);
});
