import { statfsSync } from 'node:fs';

/** Types of file systems that other hosts share, by the magic number that Linux gives (statfs(2)). */
const SHARED: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9p'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
  [0x0bd00bd3, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x65735546, 'FUSE'],
]);

/** The network file system that a path is on; undefined for a local one, and where the system does not tell. */
export function networkFileSystemOf(
  path: string,
  statfs: typeof statfsSync = statfsSync,
): string | undefined {
  try {
    return SHARED.get(statfs(path).type >>> 0);
  } catch {
    return undefined;
  }
}
