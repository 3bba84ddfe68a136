import { compileFilter, formatWarning } from '../../filter/index.ts';
import { readMailbox } from '../../mail/address.ts';
import type { MailOptions } from '../../mail/options.ts';
import { recipientsOf } from '../../mail/recipients.ts';
import { makesExtras, type Group } from '../../model/group/group.ts';
import { messageOf, type Problem } from '../../model/user-error.ts';
import type { Locales } from '../../report/render/locale.ts';
import { problemsIn } from '../check/problems.ts';

/** An unknown language, which would fail every report of the group. */
export function localeProblems({ name, settings }: Group, where: string, locales: Locales): Problem[] {
  const problem = locales.problemOf(settings.locale);
  return problem === undefined
    ? []
    : [{ ...problem, where: `${where}, group ${JSON.stringify(name)}, settings.locale` }];
}

/** A group whose reports have no valid recipient: a run would fail each of its lanes. */
export function recipientProblems(group: Group, where: string, options: MailOptions): Problem[] {
  const { mode, mute } = group.settings;
  if (!group.enabled || mute || mode === 'none') return [];
  const place = `${where}, group ${JSON.stringify(group.name)}`;
  return problemsIn(() => recipientsOf(group, options)).map((problem) => ({ ...problem, where: place }));
}

/** That X-ARF documents are asked for, which extra reports carry, and that the group gets none of these: the setting does nothing. */
export function xarfModeProblems({ name, settings }: Group, where: string): Problem[] {
  if (!settings.xarf || makesExtras(settings.mode)) return [];
  const place = `${where}, group ${JSON.stringify(name)}, settings.xarf`;
  const what = `has no effect with mode ${settings.mode}: X-ARF documents go with extra reports`;
  return [{ what, where: place, expected: 'mode extra or both beside it' }];
}

/** What is legal in a group's filters but probably not meant, such as a field that no event has; disabled filters too. */
export function filterWarnings({ name, filters }: Group): string[] {
  return filters.flatMap((filter) => {
    try {
      const { warnings } = compileFilter(filter.expression);
      return warnings.map((warning) => `group ${name}, filter ${filter.name}: ${formatWarning(warning)}`);
    } catch {
      return []; // A broken filter is a problem of its own.
    }
  });
}

/**
 * What is wrong in a group beyond its form: filters that cannot be compiled, enabled or not, so that switching one on later holds no surprise,
 * and recipients that are no mail address.
 */
export function groupProblems(group: Group, where: string): Problem[] {
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
