import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parse } from 'csv-parse/sync';
import { after, before, describe, it } from 'mocha';
import type { Browser, Locator } from 'playwright-core';
import type { RawEvent } from '../../lib/model/event/event.ts';
import type { ReportRecord } from '../../lib/model/report.ts';
import { loadCatalogue } from '../../lib/report/render/catalogue.ts';
import { createPages } from '../../lib/report/page/pages.ts';
import { writeIndexes } from '../../lib/report/page/write-indexes.ts';
import { DAY, laneReports, type LaneEvents } from '../lib/report/support/lane-reports.ts';
import { HOSTILE, SMALL } from '../lib/report/support/samples.ts';
import { openBrowser, Tab } from '../support/browser.ts';
import { END, rawEvent } from '../support/builders.ts';
import { makeFolder } from '../support/folder.ts';

// The pages of reports in a real browser.

const VIEWS = [320, 1280].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ colorScheme, viewport: { width, height: 900 } })),
);

const ATTACK =
  '</script></style></title>--></pre><script>globalThis.owned=1;alert(1)</script><img src=http://192.0.2.99/x onerror="globalThis.owned=1">' +
  '<iframe src="http://192.0.2.99/"></iframe><svg onload=alert(2)><base href=http://192.0.2.99/>{{{script}}}{{#t}}x{{/t}}' +
  '\u202e\u2066rtl \u0000\u001b[31m %1 javascript:alert(3) \ud800';

/** Everything a sender can do to a page. */
function attacks(): LaneEvents {
  const more = {
    Description: ATTACK,
    Ref: [ATTACK, 'javascript:alert(4)'],
    ConnCount: Number.MAX_SAFE_INTEGER,
    Source: [{ Hostname: [ATTACK], URL: ['javascript:alert(5)', ATTACK] }],
    Target: [{ Hostname: ['x'.repeat(5000)], Port: Array.from({ length: 3000 }, (_, i) => i) }],
    Node: [{ Name: ATTACK, SW: [ATTACK, 'y'.repeat(5000)] }],
    Category: [ATTACK],
  };
  const events = ['recon-scanning', ATTACK, '__proto__', 'z'.repeat(5000)].map((eventClass, i): RawEvent =>
    rawEvent({ id: `attack-${i}`, eventClass, categories: [ATTACK], sources: [], more }),
  );
  return { regular: [...(HOSTILE.regular ?? []), ...events], relapsed: HOSTILE.relapsed ?? [] };
}

describe('report page', function () {
  const folder = makeFolder();
  let browser: Browser;
  let record: ReportRecord;
  let small: string;
  let hostile: string;
  let extra: string;

  before(async function () {
    browser = await openBrowser(this);
    const urlOf = (path: string | undefined): string => pathToFileURL(path!).href;
    const [first, second] = await laneReports(folder.path, SMALL, {
      severity: 'medium',
      settings: { timezone: 'Europe/Prague', attachments: 'all', max_attachment_size: 5000 },
      options: { pages: true },
      lane: { window: { from: END - DAY, to: END, cutFrom: END - 3 * DAY } },
    });
    record = first!.record;
    small = urlOf(first!.page);
    extra = urlOf(second!.page);
    const problems = ['group x, filter y, column 7: a value is missing', ATTACK];
    const [attacked] = await laneReports(folder.path, attacks(), {
      severity: 'critical',
      settings: { locale: 'cs', mode: 'summary' },
      options: { pages: true },
      lane: { filtering: { [ATTACK]: 3, __proto__: 1 }, filterProblems: problems },
      wanted: { extras: false, mailTo: [ATTACK] },
    });
    hostile = urlOf(attacked!.page);
    const pages = createPages({ templatesDir: undefined }, loadCatalogue());
    await writeIndexes(folder.path, new Set(['20260106']), (index) =>
      pages.index(index, { locale: 'en', timezone: 'UTC' }),
    );
  });

  after(async () => {
    await (browser as Browser | undefined)?.close();
    folder.remove();
  });

  const index = (name: string): string => pathToFileURL(folder.at(name)).href;
  const all: [string, () => string][] = [
    ['a report', () => small],
    ['an extra report', () => extra],
    ['a hostile report', () => hostile],
    ['the index of a day', () => index('20260106/index.html')],
    ['the index of all days', () => index('index.html')],
  ];
  for (const [name, url] of all) {
    it(`of ${name} passes axe-core in light and dark, fits a phone and a desk, and asks nobody for anything`, async () => {
      const tab = await Tab.open(browser, url());
      for (const { colorScheme, viewport } of VIEWS) {
        await tab.page.emulateMedia({ colorScheme });
        await tab.page.setViewportSize(viewport);
        assert.deepEqual(await tab.violations(), [], `${colorScheme} ${viewport.width}`);
        assert.ok((await tab.width()) <= viewport.width, `${await tab.width()} of ${viewport.width}`);
      }
      assert.deepEqual(tab.requests, [url()]);
      assert.deepEqual(tab.troubles, []);
      await tab.close();
    });
  }

  it('shows what the record says', async () => {
    const { page, ...tab } = await Tab.open(browser, small);
    const text = await page.locator('main').innerText();
    assert.match(text, /11 new = 1 unusable \+ 1 outside \+ 1 filtered \+ 2 suppressed \+ 6 passed/);
    assert.match(text, /8 reported = 6 passed \+ 2 relapsed/);
    assert.match(text, /own scanner\s+1/);
    assert.equal(await page.locator('tbody[data-rows] > tr').count(), 5);
    assert.equal(await page.locator('pre').innerText(), record.message);
    assert.ok((await page.locator('svg.timeline rect').count()) >= 4);
    assert.equal(await page.locator('.page .label a').getAttribute('href'), 'index.html');
    assert.deepEqual(
      await hrefsOf(page.locator('dl.facts a')),
      record.children.map((label) => `${label}.html`),
    );
    assert.deepEqual(tab.troubles, []);
  });

  it('carries the record and the sources as a table', async () => {
    const { page } = await Tab.open(browser, small);
    const contentOf = async (name: string): Promise<string> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator(`a[download="${record.label}.${name}"]`).click(),
      ]);
      return readFileSync(await download.path(), 'utf8');
    };
    assert.deepEqual(JSON.parse(await contentOf('record.json')), JSON.parse(JSON.stringify(record)));
    const rows: Record<string, string>[] = parse(await contentOf('entries.csv'), {
      bom: true,
      delimiter: ';',
      columns: true,
    });
    assert.deepEqual(
      rows.map((row) => [row['part'], row['class'], row['source'], row['event_count']]),
      [
        ['regular', 'attempt-login-ssh', '192.0.2.15', '3'],
        ['regular', 'attempt-login-ssh', '192.0.2.9', '1'],
        ['regular', 'our-own-class', '192.0.2.200', '1'],
        ['regular', 'recon-scanning', '192.0.2.15', '1'],
        ['relapsed', 'attempt-login-ssh', '192.0.2.15', '2'],
      ],
    );
    const files = await page.locator('.downloads').innerText();
    for (const { name } of record.files) assert.ok(files.includes(name), name);
  });

  it('is searched and sorted by keyboard alone', async () => {
    const { page } = await Tab.open(browser, small);
    const focused = (): Promise<string> => page.evaluate('document.activeElement.outerHTML.slice(0, 60)');
    const visible = () => page.locator('tbody[data-rows] > tr:visible').count();
    await page.keyboard.press('Tab');
    assert.match(await focused(), /class="skip"/);
    const reached = new Set<string>();
    for (let i = 0; i < 80 && !(await focused()).includes('id="search"'); i++) {
      await page.keyboard.press('Tab');
      reached.add(await focused());
    }
    assert.match(await focused(), /id="search"/);
    assert.ok([...reached].some((html) => html.includes('href="#statistics"')));
    await page.keyboard.type('192.0.2.9');
    await page.locator('#found', { hasText: '1 of 5 rows' }).waitFor();
    assert.equal(await visible(), 1);
    await page.keyboard.press('Escape');
    assert.equal(await visible(), 5);
    // The scrolling region of the first table, then the heads of its columns.
    for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
    assert.match(await focused(), /<button type="button">Events/);
    const counts = () => page.locator('section.class').first().locator('td[data-key].num').allInnerTexts();
    await page.keyboard.press('Enter');
    assert.deepEqual(await counts(), ['1', '3']);
    await page.keyboard.press('Space');
    assert.deepEqual(await counts(), ['3', '1']);
    assert.equal(await page.locator('th[aria-sort]').count(), 1);
    assert.equal(await page.locator('th[aria-sort]').getAttribute('aria-sort'), 'descending');
  });

  it('shows the mail in both forms behind tabs, its HTML locked in', async () => {
    const pages = createPages({ templatesDir: undefined }, loadCatalogue());
    const html = `<!doctype html><html lang="en"><title>x</title><style>p{color:rgb(1,2,3)}</style><p>the "mail" &amp; more</p><script>parent.owned=1</script><img src="http://192.0.2.99/x" alt="">`;
    const text = await pages.report(
      { record, entries: [], html, beside: false },
      { locale: 'en', timezone: 'UTC' },
    );
    const tab = await Tab.open(browser, pathToFileURL(folder.write('mail.html', text)).href);
    const { page } = tab;
    assert.deepEqual(await tab.violations(), []);
    await page.getByRole('tab', { name: 'Text' }).focus();
    assert.ok(await page.locator('pre').isVisible());
    await page.keyboard.press('ArrowRight');
    assert.ok(await page.locator('iframe').isVisible());
    assert.ok(await page.locator('pre').isHidden());
    const paragraph = page.frameLocator('iframe').locator('p');
    assert.equal(await paragraph.innerText(), 'the "mail" & more');
    assert.equal(await paragraph.evaluate(colorOf), 'rgb(1, 2, 3)');
    assert.equal(await page.evaluate('globalThis.owned'), undefined);
    assert.deepEqual(
      tab.requests.filter((url) => url.startsWith('http')),
      [],
    );
    await page.keyboard.press('Home');
    assert.ok(await page.locator('pre').isVisible());
  });

  it('survives a hostile report', async () => {
    const tab = await Tab.open(browser, hostile);
    assert.equal(await tab.page.evaluate('globalThis.owned'), undefined);
    assert.equal(
      await tab.page
        .locator('main img, main iframe:not([sandbox=""]), base, script:not(:last-child)')
        .count(),
      0,
    );
    const hrefs = await hrefsOf(tab.page.locator('a'));
    assert.deepEqual(
      hrefs.filter((href) => !/^(#|data:|[A-Za-z0-9.%-]+\.(html|json|csv)$)/.test(href)),
      [],
    );
    const text = await tab.page.locator('main').innerText();
    assert.match(text, /<script>globalThis\.owned=1/);
    assert.doesNotMatch(text, /[\u202e\u0000\u001b]/);
    assert.match(text, /\{\{\{script\}\}\}/);
    await tab.page.locator('#search').fill('attack <script>');
    assert.deepEqual(tab.troubles, []);
    await tab.close();
  });

  it('is all there without scripts', async () => {
    const { page } = await Tab.open(browser, small, { javaScriptEnabled: false });
    assert.equal(await page.locator('tbody[data-rows] > tr:visible').count(), 5);
    assert.ok(await page.locator('pre').isVisible());
    assert.equal(await page.locator('.tools:visible, th button').count(), 0);
  });

  it('prints without what cannot be used on paper', async () => {
    const { page } = await Tab.open(browser, small);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('nav.page:visible, .tools:visible').count(), 0);
    assert.ok((await page.pdf({ format: 'A4' })).length > 10_000);
  });

  it('has indexes that are searched and sorted, and lead to it', async () => {
    const { page } = await Tab.open(browser, index('index.html'));
    const labels = () =>
      page.locator('tbody[data-rows]').first().locator('tr:visible td:first-child').allInnerTexts();
    const all = await labels();
    assert.equal(all.length, 5);
    await page.locator('#search').fill('critical');
    await page.locator('#found', { hasText: 'rows' }).waitFor();
    assert.deepEqual(
      await labels(),
      all.filter((label) => label[10] === 'C'),
    );
    await page.locator('#search').press('Escape');
    await page.getByRole('button', { name: 'Events' }).first().press('Enter');
    const events = await page.locator('tbody[data-rows]').first().locator('td.num').allInnerTexts();
    assert.deepEqual(
      events,
      [...events].sort((a, b) => Number(a) - Number(b)),
    );
    await page.getByRole('link', { name: record.label }).click();
    assert.match(await page.title(), new RegExp(record.label));
    await page.getByRole('link', { name: 'All of this day' }).click();
    assert.equal(await page.locator('h1').innerText(), 'Reports of 2026-01-06');
  });
});

async function hrefsOf(links: Locator): Promise<string[]> {
  const all = await links.all();
  return Promise.all(all.map(async (link) => (await link.getAttribute('href')) ?? ''));
}

/** Runs in the browser. */
function colorOf(element: unknown): string {
  const window = globalThis as unknown as { getComputedStyle(element: unknown): { color: string } };
  return window.getComputedStyle(element).color;
}
