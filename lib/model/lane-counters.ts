import type { LaneReason, RelapseReason } from './reason.ts';

/** A lane's counters under the reference's names; all count distinct events. */
export interface EventCounts {
  evcount_new: number;
  evcount_inv: number;
  evcount_net: number;
  evcount_flt: number;
  evcount_flt_blk: number;
  evcount_thr: number;
  evcount_thr_blk: number;
  evcount_rlp: number;
  evcount_rlp_flt: number;
  evcount_rlp_gone: number;
  evcount_rep: number;
  evcount_all: number;
}

/** Counts what becomes of a lane's events and derives the reference's counters from it. */
export class LaneCounters {
  /** Items that entered the lane. */
  entered = 0;
  readonly #reasons: Record<LaneReason | RelapseReason, number> = {
    invalid: 0,
    'outside-networks': 0,
    filtered: 0,
    suppressed: 0,
    passed: 0,
    relapsed: 0,
    'relapse-filtered': 0,
    'relapse-gone': 0,
  };

  count(reason: LaneReason | RelapseReason): void {
    this.#reasons[reason]++;
  }

  of(reason: LaneReason | RelapseReason): number {
    return this.#reasons[reason];
  }

  /** Events that entered and left under no reason: anything but 0 is a problem of the program. */
  get residue(): number {
    const r = this.#reasons;
    return this.entered - r.invalid - r['outside-networks'] - r.filtered - r.suppressed - r.passed;
  }

  /** Events that are to be reported. */
  get reported(): number {
    return this.#reasons.passed + this.#reasons.relapsed;
  }

  /** `new = inv + net + flt_blk + thr_blk + thr`; `rep = thr + rlp`; `all = new + rlp`. */
  counts(): EventCounts {
    const r = this.#reasons;
    return {
      evcount_new: this.entered,
      evcount_inv: r.invalid,
      evcount_net: r['outside-networks'],
      evcount_flt: r.suppressed + r.passed,
      evcount_flt_blk: r.filtered,
      evcount_thr: r.passed,
      evcount_thr_blk: r.suppressed,
      evcount_rlp: r.relapsed,
      evcount_rlp_flt: r['relapse-filtered'],
      evcount_rlp_gone: r['relapse-gone'],
      evcount_rep: this.reported,
      evcount_all: this.entered + r.relapsed,
    };
  }
}
