import type { LaneState } from '../model/lane.ts';
import type { Journal, LaneCommit, LaneStore, ReportStore, Store } from './port.ts';
import { freshState } from './protocol.ts';

/**
 * A store for a run that is only tried: events, groups, lane states, thresholds and the registry come from `real`, which is never written
 * to; everything that the run writes goes to `own`, where it is committed, recovered and read as in any store. Labels count as taken
 * when they are in either, so that the reports bear those of the real run. Closing closes both.
 */
export function dryRunStore(real: Store, own: Store): Store {
  return {
    name: `${real.name}, tried out`,
    events: {
      slice: (query) => real.events.slice(query),
      byId: (ids) => real.events.byId(ids),
      insert: (events) => own.events.insert(events),
    },
    groups: { all: () => real.groups.all(), replace: (groups) => own.groups.replace(groups) },
    lanes: new DryLanes(real.lanes, own.lanes),
    journal: dryJournal(real.journal, own.journal),
    reports: dryReports(real.reports, own.reports),
    outbox: own.outbox,
    secret: () => real.secret(),
    close: async () => {
      await own.close();
      await real.close();
    },
  };
}

/** States of `real` until the run has committed a lane; every step of the commit takes place in `own`. */
class DryLanes implements LaneStore {
  readonly #real: LaneStore;
  readonly #own: LaneStore;
  readonly writeAhead: LaneStore['writeAhead'];
  readonly publish: LaneStore['publish'];
  readonly discard: LaneStore['discard'];
  readonly sweep: LaneStore['sweep'];
  readonly pending: LaneStore['pending'];
  readonly hits: LaneStore['hits'];

  constructor(real: LaneStore, own: LaneStore) {
    this.#real = real;
    this.#own = own;
    this.writeAhead = (stamp, rows) => own.writeAhead(stamp, rows);
    this.publish = (stamps) => own.publish(stamps);
    this.discard = (stamps) => own.discard(stamps);
    this.sweep = (lane, to) => own.sweep(lane, to);
    this.pending = () => own.pending();
    this.hits = () => own.hits();
  }

  async states(lanes: readonly string[]): Promise<ReadonlyMap<string, LaneState>> {
    const real = await this.#real.states(lanes);
    const own = await this.#own.states(lanes);
    return new Map([
      ...real,
      ...[...own].map(([lane, state]) => [lane, laid(real.get(lane), state)] as const),
    ]);
  }

  async statesUnder(prefix: string): Promise<readonly LaneState[]> {
    const real = await this.#real.statesUnder(prefix);
    const own = await this.#own.statesUnder(prefix);
    return [...(await this.states([...real, ...own].map((state) => state.lane))).values()];
  }

  async commit(commits: readonly LaneCommit[]): Promise<readonly boolean[]> {
    const states = await this.#ownStates(commits.map((commit) => commit.state));
    const standing = commits.flatMap((commit, i) =>
      states[i] === undefined ? [] : [{ ...commit, state: states[i] }],
    );
    const done = (await this.#own.commit(standing)).values();
    return states.map((state) => state !== undefined && done.next().value === true);
  }

  async raiseEpoch(state: LaneState): Promise<boolean> {
    const [own] = await this.#ownStates([state]);
    return own !== undefined && this.#own.raiseEpoch(own);
  }

  /** For each state that was read: what it is in `own`; undefined when it does not stand any more. */
  async #ownStates(read: readonly LaneState[]): Promise<readonly (LaneState | undefined)[]> {
    const lanes = read.map((state) => state.lane);
    const visible = await this.states(lanes);
    const own = await this.#own.states(lanes);
    return read.map((state) => {
      const now = visible.get(state.lane) ?? freshState(state.lane);
      const stands = now.to === state.to && now.epoch === state.epoch && now.run === state.run;
      return stands ? (own.get(state.lane) ?? freshState(state.lane)) : undefined;
    });
  }
}

/** A lane's state in `own`, laid over the one in `real`. */
function laid(real: LaneState | undefined, own: LaneState): LaneState {
  if (real === undefined) return own;
  const epoch = real.epoch + own.epoch;
  return own.to === undefined ? { ...real, epoch } : { ...own, epoch };
}

/** What the run has written comes after what was there. */
function dryJournal(real: Journal, own: Journal): Journal {
  return {
    thresholds: async function* (query) {
      yield* real.thresholds(query);
      yield* own.thresholds(query);
    },
    held: async function* (query) {
      yield* real.held(query);
      yield* own.held(query);
    },
  };
}

function dryReports(real: ReportStore, own: ReportStore): ReportStore {
  return {
    list: (limit) => own.list(limit),
    get: (label) => own.get(label),
    entries: (label) => own.entries(label),
    taken: async (label) => (await real.taken(label)) || own.taken(label),
  };
}
