import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Context } from 'mocha';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** Names that Debian and others give the browser. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable'];
const ARGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

/** A real browser, headless. The spec is pending where there is none, except in CI, where it has to be there. */
export async function openBrowser(context: Context): Promise<Browser> {
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) {
    if (process.env['CI'] === 'true')
      throw new Error(`no browser: one of ${NAMES.join(', ')} has to be on the PATH`);
    context.skip();
  }
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: path, args: ARGS.split(' ') });
}

/** A page in a place of its own that writes down what it asked for and what went wrong in it. */
export class Tab {
  readonly page: Page;
  readonly requests: string[] = [];
  readonly troubles: string[] = [];
  #hasAxe = false;

  private constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => this.troubles.push(message.text()));
    page.on('pageerror', (error) => this.troubles.push(String(error)));
    page.on('dialog', (dialog) => {
      this.troubles.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('popup', (popup) => this.troubles.push(`popup: ${popup.url()}`));
  }

  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Tab> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const tab = new Tab(await context.newPage());
    // Of the whole context, so that nothing escapes, not even what a frame asks for. What a policy of the page forbids does not come here.
    await context.route('**', (route) => {
      tab.requests.push(route.request().url());
      return route.continue();
    });
    await tab.page.goto(url);
    return tab;
  }

  /** What axe-core objects to, one line a rule. */
  async violations(): Promise<string[]> {
    const { default: axe } = await import('axe-core');
    if (!this.#hasAxe) await this.page.evaluate(axe.source);
    this.#hasAxe = true;
    return this.page.evaluate(async () => {
      // In the browser: the library that was just put there.
      const { axe: inPage } = globalThis as unknown as {
        axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const { violations } = await inPage.run({ iframes: false });
      return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
      );
    });
  }

  /** How wide the document is, in pixels. */
  width(): Promise<number> {
    return this.page.evaluate('document.documentElement.scrollWidth');
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
