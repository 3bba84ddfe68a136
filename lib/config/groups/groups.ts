import { basicExpression } from '../../filter/index.ts';
import type { Group, WrittenGroup } from '../../model/group/group.ts';
import { parseGroup } from '../../model/group/group-schema.ts';
import { byCodePoint } from '../../model/event/object-view.ts';
import { UserError } from '../../model/user-error.ts';
import type { Store } from '../../store/port.ts';
import { readGroupFiles, type FoundGroups } from './group-files.ts';
import type { Config } from '../keys/index.ts';

/** Valid groups, and the problems of the invalid ones, which do not affect the others. */
export interface LoadedGroups {
  /** By name in code point order. */
  readonly groups: readonly Group[];
  readonly problems: readonly UserError[];
  /** Where they came from, for the log. */
  readonly place: string;
}

/** The groups of `--groups`, else those of the store, which is opened only then: one place at a time. */
export async function loadGroups(config: Config, open: () => Promise<Store>): Promise<LoadedGroups> {
  if (config.groups !== undefined) return readyFrom(readGroupFiles(config.groups), config.groups);
  const store = await open();
  const documents = await store.groups.all();
  const found = documents.map((value) => ({ value, where: store.name }));
  return readyFrom({ found, problems: [] }, store.name);
}

function readyFrom(all: FoundGroups, place: string): LoadedGroups {
  const { groups, problems } = checkGroups(all);
  return { groups: groups.map(withoutDocument), problems, place };
}

/** Drops the documents that groups were read from: those of tens of thousands take as much memory as everything else. */
function withoutDocument({ name, description, enabled, networks, filters, settings }: WrittenGroup): Group {
  return { name, description, enabled, networks, filters, settings };
}

/** Groups as they were read, and the problems of those that cannot be used. */
export interface CheckedGroups {
  /** By name in code point order. */
  readonly groups: readonly WrittenGroup[];
  readonly problems: readonly UserError[];
}

/** Checks groups as they were found; of two with one name the second is a problem. */
export function checkGroups({ found, problems }: FoundGroups): CheckedGroups {
  const groups = new Map<string, WrittenGroup>();
  const all = [...problems];
  for (const { value, where } of found) {
    try {
      const group = parseGroup(value, where, basicExpression);
      if (groups.has(group.name))
        all.push(new UserError({ what: `a second group named ${JSON.stringify(group.name)}`, where }));
      else groups.set(group.name, group);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      all.push(error);
    }
  }
  return { groups: [...groups.values()].sort((a, b) => byCodePoint(a.name, b.name)), problems: all };
}
