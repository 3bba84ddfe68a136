import { SEVERITIES } from '../../model/severity.ts';
import type { CheckResult } from '../port.ts';
import { describeAlike, describeUnfetched, describeUnknown } from '../describe-unfetched.ts';
import { Database } from './database.ts';
import { openEmbeddedStore } from './index.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { decodeText, encodeText } from './text.ts';

const EXAMPLES = 3;

/**
 * Checks a store without changing it: counts its events and reports those that no lane would ever fetch.
 * @param given names of the groups, when they do not come from the store
 * @throws UserError when there is no store, or it cannot be read
 */
export async function checkEmbeddedStore(
  path: string,
  given: readonly string[] | undefined,
): Promise<CheckResult> {
  const store = openEmbeddedStore(path, { readOnly: true });
  const groups = given ?? (await store.groups.all()).map((group) => group.name);
  await store.close();
  const db = new Database(path, store.name);
  try {
    db.exec('PRAGMA query_only = ON');
    const [events] = db.prepare<[number]>('SELECT count(*) FROM heads').get()!;
    const problems = [...unknownSeverities(db), ...unknownGroups(db, groups), ...describeAlike(groups)];
    return {
      store: store.name,
      version: `SQLite, tables ${SCHEMA_VERSION}`,
      ok: problems.length === 0,
      events,
      groups: groups.length,
      problems,
    };
  } finally {
    db.close();
  }
}

function unknownSeverities(db: Database): string[] {
  const list = SEVERITIES.map((severity) => `'${severity}'`).join(', ');
  return describeGroup(
    'no known severity',
    SEVERITIES,
    db
      .prepare<[string | null, number]>(
        `SELECT severity, count(*) FROM heads WHERE severity IS NULL OR severity NOT IN (${list}) GROUP BY severity ORDER BY 2 DESC`,
      )
      .all(),
  );
}

function unknownGroups(db: Database, groups: readonly string[]): string[] {
  const known = JSON.stringify(groups.map(encodeText));
  const rows = db
    .prepare<[string, number]>(
      `SELECT grp, count(*) FROM event_groups JOIN streams USING (stream) WHERE grp NOT IN (SELECT value FROM json_each(?))
       GROUP BY grp ORDER BY 2 DESC`,
    )
    .all(known);
  // An event without groups belongs to nobody, which is not a problem.
  return describeGroup('no known group', groups, rows);
}

function describeGroup(
  what: string,
  known: readonly string[],
  rows: readonly (readonly [value: string | null, count: number])[],
): string[] {
  if (rows.length === 0) return [];
  const total = rows.reduce((sum, [, count]) => sum + count, 0);
  const examples = rows
    .slice(0, EXAMPLES)
    .map(([value]) => (value === null ? 'none' : describeUnknown(decodeText(value), known)));
  return [describeUnfetched(total, `${what} (${examples.join(', ')})`)];
}
