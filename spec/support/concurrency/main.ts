/* Runs trials for some seconds (default 300) on both engines: `npm run concurrency -- 600`. */
import { startReplicaSet } from '../mongod.ts';
import { runTrial } from './trial.ts';

const seconds = Number(process.argv[2] ?? 300);
const end = Date.now() + seconds * 1000;
const server = await startReplicaSet();
let [seed, failed] = [Date.now() % 1_000_000, 0];
try {
  for (; Date.now() < end; seed++) {
    const engines = { embedded: {}, mongodb: { uri: databaseAt(server.uri, `trial-${seed}`) } };
    for (const [engine, place] of Object.entries(engines)) {
      const { started, killed, problems } = await runTrial({ ...place, processes: 12, rounds: 4, seed });
      console.log(`${engine}, seed ${seed}: ${started} runs, ${killed} killed, ${problems.length} problems`);
      for (const problem of problems) console.log(`  ${problem}`);
      failed += problems.length;
    }
  }
} finally {
  await server.stop();
}
process.exitCode = failed === 0 ? 0 : 1;

function databaseAt(uri: string, name: string): string {
  const url = new URL(uri);
  url.pathname = `/${name}`;
  return url.href;
}
