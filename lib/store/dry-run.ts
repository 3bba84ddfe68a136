import type { Store } from './port.ts';
import { freshState } from './commit-protocol.ts';

/**
 * A store for a run that must not change anything: reads from `base` and writes to `layer`, an empty store that is deleted afterwards.
 */
export function dryRunStore(base: Store, layer: Store): Store {
  return {
    name: base.name,
    events: base.events,
    groups: base.groups,
    lanes: {
      states: (lanes) => base.lanes.states(lanes),
      statesByPrefix: (prefix) => base.lanes.statesByPrefix(prefix),
      hits: () => base.lanes.hits(),
      writeAhead: (stamp, rows) => layer.lanes.writeAhead(stamp, rows),
      // The layer holds no lane states, so every commit starts from a fresh one.
      commit: (commits) =>
        layer.lanes.commit(commits.map((commit) => ({ ...commit, state: freshState(commit.state.lane) }))),
      publish: (stamps) => layer.lanes.publish(stamps),
      discard: (stamps) => layer.lanes.discard(stamps),
      sweep: () => Promise.resolve(),
      pending: () => layer.lanes.pending(),
      raiseEpoch: (state) => layer.lanes.raiseEpoch(state),
    },
    journal: {
      thresholds: (query) => base.journal.thresholds(query),
      expiredLanes: (lanes, by) => base.journal.expiredLanes(lanes, by),
      async *held(query) {
        yield* base.journal.held(query);
        yield* layer.journal.held(query);
      },
      forget: (stamp) => layer.journal.forget(stamp),
    },
    reports: {
      list: (limit) => layer.reports.list(limit),
      get: async (label) => (await layer.reports.get(label)) ?? base.reports.get(label),
      entries: (label) => layer.reports.entries(label),
      ofRun: (stamp) => base.reports.ofRun(stamp),
      ofLane: (lane) => base.reports.ofLane(lane),
      hasLabel: async (label) => (await layer.reports.hasLabel(label)) || base.reports.hasLabel(label),
    },
    outbox: layer.outbox,
    secret: () => base.secret(),
    warnings: () => base.warnings(),
    async close() {
      await layer.close();
      await base.close();
    },
  };
}
