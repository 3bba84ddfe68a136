import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/*
 * Names a process so that another one on the same host can tell whether it still runs: host, boot, namespace of process ids, process id and
 * the time it started. Only Linux gives all of them; elsewhere nothing can be told.
 */

/** The name of this process; undefined where the system cannot give one. */
export function processIdentity(): string | undefined {
  const scope = scopeOf();
  const start = startOf(process.pid);
  return scope === undefined || start === undefined ? undefined : [scope, process.pid, start].join(' ');
}

/**
 * Whether the named process has ended for certain. A process of another host, of another container, or one that cannot be looked up counts
 * as running.
 */
export function hasEnded(identity: string): boolean {
  const [host, namespace, boot, pid, start] = identity.split(' ');
  const scope = scopeOf()?.split(' ');
  if (scope === undefined || scope[0] !== host || scope[1] !== namespace) return false;
  return scope[2] !== boot || startOf(Number(pid)) !== start;
}

/** Host, namespace of process ids and boot. */
function scopeOf(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return [hostname().replaceAll(/\s/g, '_'), readlinkSync('/proc/self/ns/pid'), boot].join(' ');
  } catch {
    return undefined;
  }
}

/** Clock ticks between the boot and the start of a process: field 22 of its stat, the 20th behind the name in parentheses. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
