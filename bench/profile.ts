import { writeFile } from 'node:fs/promises';
import { Session, type Profiler } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';

/*
 * Where the time of a run goes, off a CPU profile of V8. A sample belongs to the first of these parts that has a function of its files on
 * the stack: what a report has the store read counts as reporting, not as reading.
 */
const PARTS: readonly (readonly [part: string, files: RegExp])[] = [
  [
    'reporting',
    /\/(stages\/(aggregator|report-sink|mail-sink)|lib\/(report|mail|scratch)\/|lib\/(run\/(mail-delivery|slice\/compose-reports)|cli\/(run-summary|output)))/,
  ],
  [
    'remembering',
    /\/lib\/(store\/(protocol|held-entries|[a-z]+\/(journal|lanes|write-ahead|merge-stamps))|thresholds\/(journal-thresholds|thresholds))/,
  ],
  [
    'reading',
    /\/(stages\/(store|line)-source|lib\/store\/|lib\/model\/(lines|event-line|object-view)|node_modules\/(mongodb|bson|libsql)\/)/,
  ],
  ['deciding', /\/(stages|lib\/(filter|memory|model))\//],
];
const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['(garbage collector)', 'collecting garbage'],
  ['(idle)', 'waiting'],
  ['(program)', 'other'],
]);
/** Microseconds. */
const INTERVAL = 1000;
const COSTLIEST = 3;

export interface Profile {
  /** Share of the samples, 0 to 1, by part. */
  readonly shares: Readonly<Record<string, number>>;
  /** Functions that most time was spent in, without what they call. */
  readonly costliest: readonly { readonly name: string; readonly share: number }[];
}

/** @param file where the whole profile goes, for the developer tools of a browser */
export async function profiled<T>(
  work: () => Promise<T>,
  file: string | undefined,
): Promise<{ result: T; profile: Profile }> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
  await session.post('Profiler.start');
  const result = await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  if (file !== undefined) await writeFile(file, JSON.stringify(profile));
  return { result, profile: summaryOf(profile) };
}

type Node = Profiler.ProfileNode;

function summaryOf({ nodes, samples = [] }: Profiler.Profile): Profile {
  const parents = new Map<number, Node>();
  for (const node of nodes) for (const child of node.children ?? []) parents.set(child, node);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  for (const [id, count] of countsOf(samples)) {
    const node = byId.get(id)!;
    add(parts, partOf(node, parents), count);
    if (!SPECIAL.has(node.callFrame.functionName)) add(functions, nameOf(node, parents), count);
  }
  const share = (count: number) => count / samples.length;
  const costliest = [...functions].sort((a, b) => b[1] - a[1]).slice(0, COSTLIEST);
  return {
    shares: Object.fromEntries([...parts].map(([part, count]) => [part, share(count)])),
    costliest: costliest.map(([name, count]) => ({ name, share: share(count) })),
  };
}

function countsOf(samples: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of samples) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function add(sums: Map<string, number>, key: string, count: number): void {
  sums.set(key, (sums.get(key) ?? 0) + count);
}

function partOf(node: Node, parents: ReadonlyMap<number, Node>): string {
  const special = SPECIAL.get(node.callFrame.functionName);
  if (special !== undefined) return special;
  const files = new Set<string>();
  for (let at: Node | undefined = node; at !== undefined; at = parents.get(at.id))
    files.add(at.callFrame.url);
  const all = [...files];
  return PARTS.find(([, pattern]) => all.some((file) => pattern.test(file)))?.[0] ?? 'other';
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Functions of native modules have no file: they are named with who called them. */
function nameOf(node: Node, parents: ReadonlyMap<number, Node>): string {
  const { functionName, url, lineNumber } = node.callFrame;
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url !== '') return `${name} (${placeOf(url)}:${lineNumber + 1})`;
  const caller = parents.get(node.id);
  return caller === undefined || caller.callFrame.url === '' ? name : `${name} < ${nameOf(caller, parents)}`;
}

function placeOf(url: string): string {
  if (!url.startsWith('file:')) return url;
  return fileURLToPath(url)
    .replace(ROOT, '')
    .replace(/^.*\/node_modules\//, '');
}
