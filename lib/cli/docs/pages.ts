import { configurationPage } from './configuration-page.ts';
import { manPage } from './man-page.ts';

/** Pages that are made and never written by hand, by their path in the package. */
export const PAGES: Readonly<Record<string, () => string>> = {
  'conf/README.md': configurationPage,
  'conf/man/mentat-reporter.1': manPage,
};
