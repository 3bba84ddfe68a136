import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'mocha';
import type { Browser } from 'playwright-core';
import { CHART_ID } from '../../lib/report/render/mail-view.ts';
import { withPictures } from '../../lib/report/page/mail-html.ts';
import { laneReports, type LaneEvents } from '../lib/report/support/lane-reports.ts';
import { HOSTILE, huge, SMALL } from '../lib/report/support/samples.ts';
import { openBrowser, Tab } from '../support/browser.ts';
import { makeFolder } from '../support/folder.ts';

// Mails as HTML in a real browser. A mail program shows less of it, never more.

const VIEWS = [320, 800].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ colorScheme, viewport: { width, height: 900 } })),
);
const SAMPLES: [string, string, () => LaneEvents][] = [
  ['a usual mail', 'en', () => SMALL],
  ['a usual mail', 'cs', () => SMALL],
  ['a hostile mail', 'en', () => HOSTILE],
  ['a huge mail', 'en', huge],
];

describe('mail as HTML', () => {
  const folder = makeFolder();
  let browser: Browser;

  before(async function () {
    browser = await openBrowser(this);
  });
  after(async () => {
    await (browser as Browser | undefined)?.close();
    folder.remove();
  });

  for (const [name, locale, events] of SAMPLES) {
    it(`${name} (${locale}) passes axe-core in light and dark, fits a phone, and fetches and runs nothing`, async () => {
      const reports = await laneReports(folder.path, events(), {
        severity: 'high',
        settings: { locale, timezone: 'Europe/Prague', attachments: 'all' },
        options: { maxExtraReports: 1 },
      });
      for (const { record, html, chart } of reports) {
        const url = pathToFileURL(
          folder.write(
            `${record.label}.${locale}.html`,
            withPictures(html!, chart === undefined ? [] : [{ id: CHART_ID, bytes: chart }]),
          ),
        ).href;
        const tab = await Tab.open(browser, url);
        for (const { colorScheme, viewport } of VIEWS) {
          await tab.page.emulateMedia({ colorScheme });
          await tab.page.setViewportSize(viewport);
          assert.deepEqual(await tab.violations(), [], `${colorScheme} ${viewport.width}`);
          assert.ok((await tab.width()) <= viewport.width, `${await tab.width()} of ${viewport.width}`);
        }
        assert.deepEqual(tab.requests, [url]);
        assert.deepEqual(tab.troubles, []);
        await tab.close();
      }
    });
  }
});
