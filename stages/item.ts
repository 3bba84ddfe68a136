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
  /** Why it goes no further, when the group router knows already; counted by the lane it belongs to. */
  reason: LaneReason | undefined;
  /** Where it belongs, once that is known. Every item is made with it, empty, so that all have one shape and none is reshaped on its way. */
  lane?: Lane | undefined;
}

/** An item that has found its lane. */
export interface LaneItem extends Item {
  lane: Lane;
}
