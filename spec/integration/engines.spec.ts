import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { admitEvent } from '../../lib/model/event/admit-event.ts';
import { shipped } from '../../lib/config/locations.ts';
import { runReporter } from '../../lib/run/run.ts';
import { basicExpression } from '../../lib/filter/index.ts';
import type { RawEvent } from '../../lib/model/event/event.ts';
import type { GroupDocument } from '../../lib/model/group/group.ts';
import { parseGroup } from '../../lib/model/group/group-schema.ts';
import { NetworkIndex } from '../../lib/model/network/network-index.ts';
import { UserError } from '../../lib/model/user-error.ts';
import { openEmbeddedStore } from '../../lib/store/embedded/index.ts';
import type { Store } from '../../lib/store/port.ts';
import { openMongoForSpec } from '../lib/store/mongodb/open.ts';
import { needsMongod } from '../support/mongod.ts';
import { runDeps, runOptions } from '../support/run.ts';

const SECRET = { random: () => new Uint8Array(32).fill(3) };
const DAYS = [11, 12, 13, 16, 17, 18, 20].map((day) => Date.UTC(2026, 10, day));

const documents = JSON.parse(readFileSync(shipped('conf/sample/groups.json'), 'utf8')) as GroupDocument[];
const groups = documents.map((document) => parseGroup(document, document.name, basicExpression));
const owners = new NetworkIndex(groups);
const events = readFileSync(shipped('conf/sample/events.ndjson'), 'utf8')
  .trimEnd()
  .split('\n')
  .flatMap((line): RawEvent[] => {
    const admitted = admitEvent(JSON.parse(line) as RawEvent, 'sample', DAYS[0]!, owners);
    return admitted instanceof UserError ? [] : [admitted.event];
  });

/** Every mail, byte for byte, and every record that a week of regular runs over the shipped sample makes. */
async function week(store: Store): Promise<{ mails: Record<string, string>; records: unknown[] }> {
  const directory = await mkdtemp(join(tmpdir(), 'engines-'));
  await store.groups.replace(documents);
  await store.events.insert(events);
  for (const to of DAYS) {
    const deps = runDeps({ directory, store, groups, run: `run-${to}`, now: to });
    const options = runOptions(directory, { mode: 'regular', timeLow: Date.UTC(2026, 10, 10), timeHigh: to });
    assert.deepEqual((await runReporter(options, deps)).failures, []);
  }
  const names = (await readdir(join(directory, 'spool'))).sort();
  const mails = await Promise.all(
    names.map(async (name) => [name, await readFile(join(directory, 'spool', name), 'latin1')]),
  );
  const labels = (await store.reports.list()).map((record) => record.label).sort();
  const records = await Promise.all(labels.map((label) => store.reports.get(label)));
  await rm(directory, { recursive: true });
  return { mails: Object.fromEntries(mails) as Record<string, string>, records };
}

describe('both engines', function () {
  this.timeout(60_000);
  needsMongod();

  it('make the same reports and the same mails, byte for byte, of the same events', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'engines-'));
    const embedded = openEmbeddedStore(join(directory, 'store.db'), SECRET);
    const expected = await week(embedded);
    await embedded.close();
    await rm(directory, { recursive: true });
    assert.ok(expected.records.length > 40 && Object.keys(expected.mails).length > 40);

    const mongo = await openMongoForSpec();
    const found = await week(await mongo.open(SECRET));
    await mongo.destroy();
    assert.deepEqual(found.records, expected.records);
    assert.deepEqual(found.mails, expected.mails);
  });
});
