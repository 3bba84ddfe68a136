import { readFile, writeFile } from 'node:fs/promises';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { BenchCase } from './cases/case.ts';

/** Of the checkout, not of what was built from it. */
const RESULTS = fileURLToPath(new URL('../../bench/RESULTS.md', import.meta.url));

/** When, on what machine and with what versions. */
export function machineLine(): string {
  const all = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const system = `${platform()} ${release()} ${arch()}`;
  return `${new Date().toISOString().slice(0, 16)}Z, ${all.length} x ${all[0]?.model.trim() ?? 'unknown processor'}, ${memory}, ${system}, Node ${process.versions.node}, V8 ${process.versions.v8}.`;
}

/** Replaces the case's part of the results; what people wrote around it stays. */
export async function writeResults({ name, title }: BenchCase, lines: readonly string[]): Promise<void> {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const part = [begin, '', `### ${name}`, '', `${title}.`, '', ...lines, '', end].join('\n');
  const text = await readFile(RESULTS, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  const rest = from < 0 ? `${text.trimEnd()}\n\n` : text.slice(0, from);
  await writeFile(RESULTS, `${rest}${part}${from < 0 ? '\n' : text.slice(to + end.length)}`);
}
