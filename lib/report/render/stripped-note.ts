import { Locales } from './locale.ts';
import { foldersOf } from './shipped.ts';

/** What a mail says in place of attachments that the other side's server refused for their size. */
export function strippedNote(
  localesDir: string | undefined,
  locale: string,
  label: string,
  names: readonly string[],
): string {
  return new Locales(foldersOf(localesDir, 'locales')).translate(locale)('stripped', {
    label,
    names: names.join(', '),
  });
}
