import type { RawEvent } from '../../model/event/event.ts';
import { parseEventLine } from '../../model/event/event-line.ts';
import { lines } from '../../model/text/lines.ts';
import { ObjectView } from '../../model/event/object-view.ts';
import { isSeverity } from '../../model/severity.ts';
import { NetworkIndex } from '../../model/network/network-index.ts';
import { UserError } from '../../model/user-error.ts';
import { admitEvent } from '../../model/event/admit-event.ts';
import { formatCount } from '../../model/text/format.ts';
import { EventInput } from '../../run/input/event-input.ts';
import { loadGroups } from '../../config/groups/groups.ts';
import type { Action } from './action.ts';
import { logProblems } from './log-problems.ts';

/** Events written in one go. */
const BATCH = 1_000;

/**
 * Stores events from JSON lines, reading no faster than the store writes. What an event needs to be found again is added where it is
 * missing. Doing it again stores nothing twice. A line that cannot be used is named; the rest goes on.
 */
export const eventsImport: Action = async ({
  configuration: { config },
  input,
  inputName,
  output,
  log,
  now,
  progress,
  store: open,
}) => {
  const store = await open();
  const { groups, problems } = await loadGroups(config, open);
  const complete = logProblems(problems, log);
  const owners = new NetworkIndex(groups);
  const counts = { read: 0, stored: 0, duplicate: 0, rejected: 0 };
  const known = new Set(groups.map((group) => group.name));
  let trimmed = 0;
  let rounded = 0;
  let unowned = 0;
  let strange = 0;
  let batch: RawEvent[] = [];

  const flush = async (): Promise<void> => {
    const { stored, duplicate } = await store.events.insert(batch);
    counts.stored += stored;
    counts.duplicate += duplicate;
    batch = [];
    progress.update(counts.read, undefined, 'events read');
  };

  const source = await EventInput.open({ name: inputName, option: '--input', bytes: input(), log });
  for await (const chunk of lines(source.bytes)) {
    for (const { text, number } of chunk) {
      counts.read++;
      const parsed = parseEventLine(text, number);
      const admitted =
        parsed instanceof UserError ? parsed : admitEvent(parsed, `line ${number}`, now, owners);
      if (admitted instanceof UserError) {
        counts.rejected++;
        source.reject(admitted);
        continue;
      }
      for (const note of admitted.notes) log.debug(note);
      if (admitted.keysDropped) trimmed++;
      if (admitted.rounded) rounded++;
      const { groups: of, severity } = new ObjectView(admitted.event);
      if (of === undefined) unowned++;
      else if (!isSeverity(severity) || !of.some((name) => known.has(name))) strange++;
      batch.push(admitted.event);
      if (batch.length >= BATCH) await flush();
    }
  }
  if (batch.length > 0) await flush();
  const unusable = source.finish(counts.read - counts.rejected);
  if (trimmed > 0)
    log.info(
      `keys that cannot be stored were dropped from ${formatCount(trimmed, 'event')}; --log-level debug names them`,
    );
  if (rounded > 0) {
    log.warning(
      `${formatCount(rounded, 'event')} with numbers beyond 2^53 - 1, which were rounded; --log-level debug names them; written as text they are kept`,
    );
  }
  if (unowned > 0) log.warning(`${formatCount(unowned, 'event')} in nobody's networks will be in no report`);
  if (strange > 0) {
    log.warning(
      `${formatCount(strange, 'event')} without a known group or severity will be in no report; --action store-check says which`,
    );
  }
  output.object(counts);
  output.line(
    `events: ${counts.read} read, ${counts.stored} stored, ${counts.duplicate} there already, ${counts.rejected} rejected`,
  );
  if (unusable !== undefined) throw unusable;
  return complete && counts.rejected === 0;
};
