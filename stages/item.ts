import type { EventView, Source } from '../lib/model/event/event.ts';
import type { Group } from '../lib/model/group/group.ts';
import type { Lane } from '../lib/model/lane.ts';
import type { LaneReason } from '../lib/model/reason.ts';
import type { Part } from '../lib/model/report.ts';

/** An event on its way to one group. Stages narrow `sources` down and pass the same object on. */
export interface Item {
  readonly event: EventView;
  readonly group: Group;
  readonly part: Part;
  /** Sources that concern the group and have not been removed yet. */
  sources: readonly Source[];
  /** Why it goes no further, where the group router decided that; its lane counts it. */
  reason: LaneReason | undefined;
  /** Set by the severity splitter; created as undefined, so that all items share one shape in the engine. */
  lane?: Lane | undefined;
}

/** An item that has found its lane. */
export interface LaneItem extends Item {
  lane: Lane;
}
