import { Locales } from './locale.ts';
import { foldersOf } from './shipped.ts';

/**
 * The note of a mail that the server refused for its size.
 * @param names of the attachments that are left out; undefined where all but the text is
 */
export function strippedNote(
  localesDir: string | undefined,
  locale: string,
  label: string,
  names: readonly string[] | undefined,
): string {
  const t = new Locales(foldersOf(localesDir, 'locales')).translate(locale);
  return names === undefined
    ? t('stripped_text', { label })
    : t('stripped', { label, names: names.join(', ') });
}
