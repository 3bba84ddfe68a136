import { MongoClient, type Collection, type Document } from 'mongodb';
import type { Work } from './work.ts';

interface Lanes {
  readonly uri: string;
  readonly severities: readonly string[];
  readonly groups: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** What the driver's own cursor takes for the events of the lanes as whole documents, in the order and by the index that a slice has. */
export interface BareMongo extends Lanes {
  /** Groups asked for at once. */
  readonly atATime: number;
}
/** What asking for each lane's first event takes, one after the other. */
export type BareLanes = Lanes;

export function readBare({ atATime, ...lanes }: BareMongo): Work {
  return () =>
    onEvents(lanes.uri, async (events) => {
      let count = 0;
      for (const severity of lanes.severities) {
        for (let at = 0; at < lanes.groups.length; at += atATime) {
          const groups = lanes.groups.slice(at, at + atATime);
          const cursor = events
            .find(filterOf(severity, groups, lanes))
            .sort({ '_CESNET.StorageTime': 1, _id: 1 });
          for await (const event of cursor) if ('ID' in event) count++;
        }
      }
      return count;
    });
}

export function askLanes(lanes: BareLanes): Work {
  return () =>
    onEvents(lanes.uri, async (events) => {
      let count = 0;
      for (const severity of lanes.severities) {
        for (const group of lanes.groups) {
          const [event] = await events
            .find(filterOf(severity, [group], lanes))
            .limit(1)
            .toArray();
          if (event !== undefined) throw new Error('a lane has an event');
          count++;
        }
      }
      return count;
    });
}

function filterOf(severity: string, groups: readonly string[], { from, to }: Lanes): Document {
  return {
    '_CESNET.EventSeverity': severity,
    '_CESNET.ResolvedAbuses': groups.length === 1 ? groups[0]! : { $in: groups },
    '_CESNET.StorageTime': { $gte: new Date(from), $lt: new Date(to) },
    Category: { $ne: 'Test' },
  };
}

async function onEvents(uri: string, work: (events: Collection) => Promise<number>): Promise<number> {
  const client = await new MongoClient(uri).connect();
  try {
    return await work(client.db().collection('alerts'));
  } finally {
    await client.close();
  }
}
