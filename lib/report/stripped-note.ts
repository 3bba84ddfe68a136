import { Locales } from './locale.ts';
import { shippedPath } from './shipped.ts';

/** What a mail says in place of attachments that the other side's server refused for their size. */
export function strippedNote(locale: string, label: string, names: readonly string[]): string {
  return new Locales(shippedPath('locales')).translate(locale)('stripped', {
    label,
    names: names.join(', '),
  });
}
