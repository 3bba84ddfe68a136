import { compileFilter } from '../filter/index.ts';
import type { Group } from '../model/group.ts';
import { messageOf, type Fault } from '../model/user-error.ts';

/** Filters of a group that cannot be compiled; enabled or not, so that switching one on later holds no surprise. */
export function filterFaults(group: Group, where: string): Fault[] {
  return group.filters.flatMap(({ name, expression }) => {
    try {
      compileFilter(expression);
      return [];
    } catch (error) {
      const place = `${where}, group ${JSON.stringify(group.name)}, filter ${JSON.stringify(name)}`;
      return [{ what: messageOf(error), where: place }];
    }
  });
}
