import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { dependsOnTime } from '../filter/exclusions.ts';
import { parseEventLine } from '../model/event/event-line.ts';
import type { EventView } from '../model/event/event.ts';
import type { Group } from '../model/group/group.ts';
import type { Window } from '../model/lane.ts';
import { lines } from '../model/text/lines.ts';
import { ObjectView } from '../model/event/object-view.ts';
import type { Instant } from '../model/time.ts';
import { UserError } from '../model/user-error.ts';
import { isPipe } from '../system/open-input.ts';
import { EventInput } from './input/event-input.ts';
import type { Log } from './ports.ts';
import { requireWindow } from './plan/plan.ts';

/** Where a replay's bytes come from: `-` is stdin. */
export type OpenInput = (path: string) => AsyncIterable<Uint8Array>;

export interface Replay {
  /** Bounds that are not given are -Infinity and Infinity until the last event was read. */
  readonly window: Window;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Call it for every line that cannot be used. */
  reject(problem: UserError): void;
  /** Call it for every valid event. */
  observe(event: EventView): void;
  /** Sets open bounds of the window: to the earliest storage time, and to the first whole second after the latest. */
  closeWindow(): void;
  /** Logs how many lines could not be used. Returns the problem of an input without any usable event. */
  finish(): UserError | undefined;
  /** Deletes the copy of the input, if any. */
  dispose(): Promise<void>;
}

/**
 * Opens a replay. Its window runs from `timeLow`, or the earliest storage time, to `timeHigh`, or just after the latest. Where a group's
 * filters depend on the end of the window and that is not given, the input is read twice: a file as it is, stdin and pipes from a copy in
 * `scratchDir`.
 */
export async function openReplay(request: {
  readonly path: string;
  readonly timeLow: Instant | undefined;
  readonly timeHigh: Instant | undefined;
  readonly groups: readonly Group[];
  readonly openInput: OpenInput;
  readonly scratchDir: string;
  readonly log: Log;
  readonly clock: () => Instant;
}): Promise<Replay> {
  const { path, timeLow, timeHigh, openInput } = request;
  const window: Window = { from: timeLow ?? -Infinity, to: timeHigh ?? Infinity };
  const seen = { events: 0, earliest: Infinity, latest: -Infinity };
  const observe = (event: EventView): void => {
    seen.events++;
    seen.earliest = Math.min(seen.earliest, event.storageTime);
    seen.latest = Math.max(seen.latest, event.storageTime);
  };
  const closeWindow = (): void => {
    if (window.to === Infinity && seen.events === 0) window.to = timeLow ?? request.clock();
    else if (window.to === Infinity) {
      window.to = Math.floor(seen.latest / 1000) * 1000 + 1000;
      requireWindow(timeLow, window.to, ', which is just after the latest event');
    }
    if (window.from === -Infinity) window.from = Math.min(seen.earliest, window.to);
  };

  const input = await EventInput.open({
    name: path === '-' ? 'stdin' : path,
    option: '--events',
    bytes: openInput(path),
    log: request.log,
  });
  const opened = {
    window,
    reject: (problem: UserError) => input.reject(problem),
    observe,
    closeWindow,
    finish: () => input.finish(seen.events),
  };
  if (timeHigh !== undefined || !request.groups.some(dependsOnTime))
    return { ...opened, bytes: input.bytes, dispose: () => Promise.resolve() };
  const copy =
    path === '-' || isPipe(path) ? await copyToScratch(input.bytes, request.scratchDir) : undefined;
  const file = copy?.file ?? path;
  for await (const chunk of lines(copy === undefined ? input.bytes : openInput(file))) {
    for (const line of chunk) {
      const raw = parseEventLine(line.text, line.number);
      if (raw instanceof UserError) continue;
      const event = new ObjectView(raw);
      if (event.invalid === undefined) observe(event);
    }
  }
  closeWindow();
  return { ...opened, bytes: openInput(file), dispose: () => copy?.dispose() ?? Promise.resolve() };
}

async function copyToScratch(input: AsyncIterable<Uint8Array>, scratchDir: string) {
  const directory = await mkdtemp(join(scratchDir, 'replay-'));
  const file = join(directory, 'events.ndjson');
  const dispose = () => rm(directory, { recursive: true, force: true });
  try {
    await pipeline(input, createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    await dispose();
    if (error instanceof UserError) throw error;
    throw new UserError(
      { what: 'the input cannot be copied', where: file, hint: (error as Error).message },
      { cause: error },
    );
  }
  return { file, dispose };
}
