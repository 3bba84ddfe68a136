import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, describe, it } from 'mocha';
import { hasEnded, processIdentity } from '../../../lib/system/process-identity.ts';

const MODULE = new URL('../../../lib/system/process-identity.js', import.meta.url).href;

describe('lib/system/process-identity', () => {
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  it('knows that this process runs', () => {
    assert.equal(hasEnded(processIdentity()!), false);
  });

  it('knows that a process has ended, and that another one has its number by now', () => {
    const script = `import(${JSON.stringify(MODULE)}).then((m) => console.log(m.processIdentity()))`;
    const ended = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout.trim();
    assert.match(ended, /^\S+ \S+ \S+ \d+ \d+$/);
    assert.equal(hasEnded(ended), true);
    assert.equal(hasEnded(processIdentity()!.replace(/\d+$/, '1')), true);
  });

  it('knows that a process of an earlier boot has ended', () => {
    const [host, namespace, , ...rest] = processIdentity()!.split(' ');
    assert.equal(hasEnded([host, namespace, 'another-boot', ...rest].join(' ')), true);
  });

  it('says of processes of other hosts and containers only that they may run', () => {
    const [host, ...rest] = processIdentity()!.split(' ');
    assert.equal(hasEnded(['elsewhere', ...rest].join(' ')), false);
    assert.equal(hasEnded([host, 'pid:[1]', ...rest.slice(1)].join(' ')), false);
    assert.equal(hasEnded('nonsense'), false);
  });
});
