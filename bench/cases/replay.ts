import { sideBySide } from '../side-by-side.ts';
import { makeFiles } from '../world.ts';
import type { BenchCase } from './case.ts';
import { programJob } from './program.ts';
import { fieldData } from './stores.ts';

export const REPLAY: BenchCase = {
  name: 'replay',
  title:
    'Replay from a file, nothing suppressed, summary and JSON attachment; against readline and JSON.parse',
  events: 300_000,
  run: async (settings) => {
    const { events, place } = settings;
    settings.say(`replay: making ${events} events`);
    const files = await makeFiles(fieldData(events, 0), place);
    try {
      return await sideBySide(
        {
          name: 'replay',
          bare: { kind: 'bareReplay', options: { file: files.events } },
          ours: programJob(replayArgs(files), { events }),
          unit: 'events',
          target: { of: 'rate', least: 0.3 },
        },
        settings,
      );
    } finally {
      await files.dispose();
    }
  },
};

export function replayArgs({
  events,
  groups,
}: {
  readonly events: string;
  readonly groups: string;
}): string[] {
  return ['--events', events, '--groups', groups];
}
