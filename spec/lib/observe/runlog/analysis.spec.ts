import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { analyse, extremesOf } from '../../../../lib/observe/runlog/analysis.ts';

const mark = (ident: string, time: number) => ({ ident, descr: '', time });

describe('the analysis of a runlog', () => {
  it('measures the stages, and how much of the run was its work', () => {
    const marks = [
      mark('stage_setup_start', 100),
      mark('stage_setup_stop', 101),
      mark('stage_process_start', 101.5),
      mark('stage_process_stop', 104.5),
      mark('stage_evaluate_start', 104.5),
      mark('stage_evaluate_stop', 105.1),
    ];
    const found = analyse(
      { ts: 100, ts_str: 'then', result: 'failure', time_marks: marks, errors: ['e'] },
      160_900,
    );
    assert.deepEqual(found, {
      label: 'then',
      age: 60,
      result: 'failure',
      command: 'unknown',
      errors: ['e'],
      dur_run: 5.1,
      durations: { setup: 1, process: 3, evaluate: 0.6 },
      dur_pre: 1,
      dur_proc: 3,
      dur_post: 0.6,
      effectivity: (3 / 5.1) * 100,
    });
  });

  it('sums up what the reference wrote, where every lane stands for itself', () => {
    const reports = {
      'a@b': {
        low: { evcount_all: 5, evcount_rep: 2, summary_id: 'S1', extra_id: ['E1', 'E2'], mail_to: ['x@y'] },
        high: { result: 'skipped-no-events', evcount_all: 1 },
      },
      'c@d': { low: { result: 'skipped-too-soon' }, high: { summary_id: 'S2', mail_to: ['x@y', 'z@y'] } },
    };
    const { report, command } = analyse({ operation: 'report', report: { reports, cleanup: 3 } }, 0);
    assert.equal(command, 'report');
    assert.deepEqual([report!.evcount_all, report!.evcount_rep, report!.report_count], [6, 2, 4]);
    assert.deepEqual([report!.summary_ids, report!.extra_ids], [['S1', 'S2'], ['E1', 'E2']]); // prettier-ignore
    assert.deepEqual([report!.mails_to, report!.abuse_groups], [['x@y', 'z@y'], ['a@b', 'c@d']]); // prettier-ignore
  });

  it('takes the sums that ours has, because it lists only lanes with something to say', () => {
    const { report } = analyse({ report: { counters: { evcount_new: 9 }, reports: {} } }, 0);
    assert.equal(report!.evcount_new, 9);
  });

  it('takes nothing for granted', () => {
    for (const hostile of [
      {},
      { ts: 'x', ts_str: 5, result: null, errors: 'no list', time_marks: 7, report: [] },
      { time_marks: [null, { ident: 5, time: 'x' }, mark('stage_process_stop', 0)], errors: [1, null] },
      {
        report: {
          reports: { a: null, b: [], c: { low: 'x' }, d: { low: { extra_id: 5, evcount_all: 'x' } } },
        },
      },
    ]) {
      const { dur_run, effectivity, errors } = analyse(hostile, 0);
      assert.deepEqual([dur_run, effectivity, errors], [0, 0, []]);
    }
  });

  it('of several has minimum, maximum and mean', () => {
    assert.deepEqual(extremesOf([3, 1, 2]), { min: 1, max: 3, avg: 2 });
    assert.deepEqual(extremesOf([]), { min: 0, max: 0, avg: 0 });
  });
});
