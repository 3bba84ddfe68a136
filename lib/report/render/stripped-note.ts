import { Locales } from './locale.ts';
import { foldersOf } from './shipped.ts';

/** Texts about a mail that was too big: files cut, files left out, all but the text left out. */
export type StrippedForm = 'stripped_cut' | 'stripped' | 'stripped_text';

/** The note of a mail that the server refused for its size. */
export function strippedNote(
  localesDir: string | undefined,
  locale: string,
  {
    form,
    label,
    names,
  }: { readonly form: StrippedForm; readonly label: string; readonly names: readonly string[] },
): string {
  const t = new Locales(foldersOf(localesDir, 'locales')).translate(locale);
  return t(form, form === 'stripped_text' ? { label } : { label, names: names.join(', ') });
}
