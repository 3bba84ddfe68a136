import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { none } from 'stream-chain/defs.js';
import type { LaneOutcome } from '../../lib/model/lane.ts';
import { mailSink } from '../../stages/mail-sink.ts';
import { through } from '../support/stage.ts';

const outcome = (lane: string, mails: number): LaneOutcome => {
  return { lane, group: lane, severity: 'low', from: 0, to: 1, result: 'reported', mails };
};
const [one, two, quiet] = [outcome('one', 1), outcome('two', 2), outcome('quiet', 0)];

describe('mail sink', () => {
  it('lets the next lane be written while a mail server is waited for, and passes a lane on only afterwards', async () => {
    const answers: (() => void)[] = [];
    const told: string[] = [];
    const stage = mailSink({ deliver: () => new Promise((resolve) => answers.push(resolve)) });
    assert.equal(stage(one), none);
    const first = Promise.resolve(stage(two) as Promise<LaneOutcome>).then(({ lane }) => told.push(lane));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([answers.length, told], [2, []]);
    answers[0]!();
    await first;
    assert.deepEqual(told, ['one']);
  });

  it('gives all lanes, those without mails too, in their order', async () => {
    let delivered = 0;
    const deliver = () => {
      delivered++;
      return Promise.resolve();
    };
    assert.deepEqual(await through(mailSink({ deliver }), [quiet, one, quiet, two]), [
      quiet,
      one,
      quiet,
      two,
    ]);
    assert.equal(delivered, 2);
  });

  it('ends only when the last mails were tried', async () => {
    const steps: string[] = [];
    const deliver = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      steps.push('tried');
    };
    await through(mailSink({ deliver }), [one]);
    assert.deepEqual(steps, ['tried']);
  });
});
