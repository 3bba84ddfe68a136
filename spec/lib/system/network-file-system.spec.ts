import assert from 'node:assert/strict';
import type { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, it } from 'mocha';
import { networkFileSystemOf } from '../../../lib/system/network-file-system.ts';

describe('lib/system/network-file-system', () => {
  const on = (type: number) => networkFileSystemOf('/x', (() => ({ type })) as unknown as typeof statfsSync);

  it('knows file systems that hosts share, however the number is signed', () => {
    assert.deepEqual([0x6969, 0xff534d42, 0xff534d42 | 0, 0x65735546].map(on), [
      'NFS',
      'CIFS',
      'CIFS',
      'FUSE',
    ]);
  });

  it('says nothing of local ones, and where there is nothing to ask', () => {
    assert.deepEqual([0xef53, 0x01021994, 0x58465342].map(on), [undefined, undefined, undefined]);
    assert.equal(networkFileSystemOf(tmpdir()), undefined);
    assert.equal(networkFileSystemOf('/no/such/place'), undefined);
  });
});
