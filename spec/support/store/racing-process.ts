/*
 * A reporter as a process of its own: reports every lane that nobody has reported, and prints those that it did. Arguments: the file of the
 * store, the run, the lanes.
 */
import { openEmbeddedStore } from '../../../lib/store/embedded/index.ts';
import { recoverLanes } from '../../../lib/store/commit-protocol.ts';
import { reportLane } from './reporter.ts';
import { T0 } from './rows.ts';

const [path, run, ...lanes] = process.argv.slice(2);
const store = openEmbeddedStore(path!);
const won: string[] = [];
for (const lane of lanes) {
  const state = (await recoverLanes(store, [lane])).states.get(lane)!;
  if (state.to === undefined && (await reportLane(store, run!, T0, state))) won.push(lane);
}
await store.close();
process.stdout.write(JSON.stringify(won));
