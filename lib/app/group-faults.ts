import { compileFilter } from '../filter/index.ts';
import { readMailbox } from '../mail/address.ts';
import type { Group } from '../model/group.ts';
import { messageOf, type Fault } from '../model/user-error.ts';
import type { Locales } from '../report/locale.ts';

/** A language that there is none of, which would keep the group from being told anything. */
export function localeFaults({ name, settings }: Group, where: string, locales: Locales): Fault[] {
  const fault = locales.faultOf(settings.locale);
  return fault === undefined
    ? []
    : [{ ...fault, where: `${where}, group ${JSON.stringify(name)}, settings.locale` }];
}

/**
 * What is wrong in a group beyond its form: filters that cannot be compiled, enabled or not, so that switching one on later holds no surprise,
 * and recipients that are no mail address.
 */
export function groupFaults(group: Group, where: string): Fault[] {
  const place = `${where}, group ${JSON.stringify(group.name)}`;
  const filters = group.filters.flatMap(({ name, expression }) => {
    try {
      compileFilter(expression);
      return [];
    } catch (error) {
      return [{ what: messageOf(error), where: `${place}, filter ${JSON.stringify(name)}` }];
    }
  });
  const emails = group.settings.emails
    .filter((text) => readMailbox(text) === undefined)
    .map((got) => ({
      what: 'no mail address',
      where: `${place}, emails`,
      got,
      expected: 'one address an entry, like abuse@example.org',
    }));
  return [...filters, ...emails];
}
