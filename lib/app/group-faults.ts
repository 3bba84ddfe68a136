import { compileFilter } from '../filter/index.ts';
import { readMailbox } from '../mail/address.ts';
import type { MailOptions } from '../mail/options.ts';
import { recipientsOf } from '../mail/recipients.ts';
import { makesExtras, type Group } from '../model/group.ts';
import { messageOf, type Fault } from '../model/user-error.ts';
import type { Locales } from '../report/locale.ts';
import { faultsIn } from './faults.ts';

/** A language that there is none of, which would keep the group from being told anything. */
export function localeFaults({ name, settings }: Group, where: string, locales: Locales): Fault[] {
  const fault = locales.faultOf(settings.locale);
  return fault === undefined
    ? []
    : [{ ...fault, where: `${where}, group ${JSON.stringify(name)}, settings.locale` }];
}

/** That reports are made for a group and nobody can be sent them: a run would fail each of its lanes. */
export function recipientFaults(group: Group, where: string, options: MailOptions): Fault[] {
  const { mode, mute } = group.settings;
  if (!group.enabled || mute || mode === 'none') return [];
  const place = `${where}, group ${JSON.stringify(group.name)}`;
  return faultsIn(() => recipientsOf(group, options)).map((fault) => ({ ...fault, where: place }));
}

/** That X-ARF documents are asked for, which extra reports carry, and that the group gets none of these: the setting does nothing. */
export function xarfModeFaults({ name, settings }: Group, where: string): Fault[] {
  if (!settings.xarf || makesExtras(settings.mode)) return [];
  const place = `${where}, group ${JSON.stringify(name)}, settings.xarf`;
  const what = `has no effect with mode ${settings.mode}: X-ARF documents go with extra reports`;
  return [{ what, where: place, expected: 'mode extra or both beside it' }];
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
