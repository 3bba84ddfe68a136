import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'mocha';
import type { PreparedReport } from '../../../../lib/report/reports.ts';
import { shippedPath } from '../../../../lib/report/render/shipped.ts';
import { END, rawEvent } from '../../../support/builders.ts';
import { makeFolder } from '../../../support/folder.ts';
import { laneReports, type LaneEvents, type LaneOptions } from '../support/lane-reports.ts';
import { HOSTILE, huge, SMALL } from '../support/samples.ts';

describe('HTML mail', () => {
  const folder = makeFolder();
  after(() => folder.remove());

  const made = (events: LaneEvents, options: LaneOptions = {}): Promise<PreparedReport[]> =>
    laneReports(folder.path, events, options);
  const html = async (events: LaneEvents, options: LaneOptions = {}): Promise<string> =>
    (await made(events, options))[0]!.html!;

  for (const [name, events] of Object.entries({ small: SMALL, hostile: HOSTILE, huge: huge() })) {
    it(`of a ${name} lane asks nobody for anything, runs nothing, and is marked up for all readers`, async () => {
      for (const { html: text, chart } of (await made(events, { options: { maxExtraReports: 2 } })).slice(
        0,
        3,
      )) {
        assert.match(text!, /^<!DOCTYPE html>\n<html lang="en">/);
        assert.doesNotMatch(text!, /<(script|link|iframe|form|object|embed|base|video|audio|svg)\b/i);
        assert.doesNotMatch(text!, /\son[a-z]+=|url\(|@import/i);
        const links = [...text!.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, to]) => to!);
        for (const link of links) assert.match(link, /^(cid:chart@mentat-reporter|https:.*csirt.*)$/);
        assert.equal(links.includes('cid:chart@mentat-reporter'), chart !== undefined);
        for (const [, tag] of text!.matchAll(/<th\b([^>]*)>/g)) assert.match(tag!, /scope="(row|col)"/);
        for (const [, tag] of text!.matchAll(/<img\b([^>]*)>/g)) assert.match(tag!, /alt="[^"]{20,}"/);
        assert.equal(text!.match(/<h1\b/g)!.length, 1);
        assert.ok(opened(text!), 'every element is closed where it should be');
        assert.ok(text!.length < 102_000, `${text!.length}`);
      }
    });
  }

  it('says nothing an event brought with it as markup, control or link', async () => {
    const text = await html(HOSTILE);
    assert.doesNotMatch(text, /<b>&|=cmd|hunter2|[\u202a-\u202e\u2066-\u2069\u2028\u0000-\u0008\u001b]/);
    assert.ok(text.includes('&lt;b&gt;&amp;'));
    assert.ok(text.includes('{{vars[.]team}}'), 'braces out of an event are text');
    assert.ok(text.includes('x[@]evil.example'));
  });

  it('cuts what is 64 KiB long', async () => {
    const long = 'http://evil.com/<b>'.repeat(3_500);
    const event = rawEvent({
      eventClass: long,
      more: { Description: long, Source: [{ IP4: ['192.0.2.1'], Hostname: [long], URL: [long] }] },
    });
    const text = await html({ regular: [event] });
    assert.ok(text.length < 20_000);
    assert.doesNotMatch(text, /https?:&#x2F;&#x2F;evil|evil\.com/);
  });

  it('marks what is new, what continues and what was reported before', async () => {
    const text = await html(SMALL);
    assert.match(text, /192\.0\.2\.15<\/bdi> <span class="badge continues">Continues</);
    assert.match(text, /passwords<\/bdi> <span class="badge relapsed">Reported before</);
    assert.match(text, /networks<\/bdi> <span class="badge new">New</);
    assert.doesNotMatch(text, /192\.0\.2\.9<\/bdi> <span/);
  });

  it('says at the top what to do about the only kind of problem, and with each where there are more', async () => {
    const advice = 'It is probably infected or misused: look for the program that does it';
    const event = rawEvent({ eventClass: 'attempt-login-ssh' });
    const again = rawEvent({ eventClass: 'attempt-login-ssh', stored: END - 2 * 86_400_000 });
    for (const events of [{ regular: [event] }, { regular: [event], relapsed: [again] }]) {
      const only = await html(events);
      assert.match(only, new RegExp(`>What to do</h2>\\s*<p[^>]*>${advice}`));
      assert.equal(only.split(advice).length, 2, 'once');
    }
    const several = await html(SMALL);
    assert.match(several, />What to do<\/h2>\s*<p[^>]*>Please /);
    assert.ok(several.indexOf(advice) > several.indexOf('1. The machine'));
  });

  it('sets the detectors of a source apart', async () => {
    const seenBy = (...names: string[]) =>
      rawEvent({ more: { Node: names.map((Name) => ({ Name, SW: ['x'] })) } });
    const text = await html({ regular: [seenBy('org.example.one'), seenBy('org.example.two')] });
    assert.equal([...text.matchAll(/<div class="seen"[^>]*>\s*<span class="key">Seen by:/g)].length, 2);
  });

  it("speaks the reader's language, of the same as the text", async () => {
    const [summary] = await made(SMALL, { settings: { locale: 'cs', timezone: 'Europe/Prague' } });
    assert.match(summary!.html!, /<html lang="cs">/);
    const said = (text: string): string => text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    for (const words of ['Zaznamenali jsme 6 nových událostí', '2026-01-05 04:59:59 +01:00', '1 265']) {
      assert.ok(said(summary!.html!).includes(words), words);
      assert.ok(said(summary!.record.message).includes(words), words);
    }
  });

  it('is readable in both colour schemes (WCAG AA)', () => {
    const style = readFileSync(shippedPath('templates', 'head.html.mustache'), 'utf8');
    const pairs = [...style.matchAll(/background: (#\w{6})(?: !important)?; color: (#\w{6})/g)];
    assert.ok(pairs.length >= 12);
    for (const [rule, background, text] of pairs) assert.ok(contrast(background!, text!) >= 4.5, rule);
    for (const muted of ['#57606a', '#0a58ca']) assert.ok(contrast(muted, '#ffffff') >= 4.5);
    for (const muted of ['#a6b0ba', '#82b4ff']) assert.ok(contrast(muted, '#1a1e23') >= 4.5);
  });

  describe("with an operator's templates", () => {
    const own = makeFolder();
    after(() => own.remove());
    const formOf = async (template: string): Promise<string> => {
      const [summary] = await made(SMALL, {
        settings: { template, mode: 'summary' },
        wanted: { extras: false },
        options: { templatesDir: own.path, maxExtraReports: 0 },
      });
      assert.equal(summary!.chart === undefined, summary!.html === undefined);
      return summary!.html === undefined ? 'text' : summary!.html.length < 1000 ? 'own HTML' : 'HTML';
    };

    it('sends as text only what has no HTML that says the same', async () => {
      own.write('mine.summary.txt.mustache', 'mine {{label}}');
      assert.equal(await formOf('mine'), 'text');
      own.write('mine.summary.html.mustache', '<p>mine {{label}} {{chart.alt}}</p>');
      assert.equal(await formOf('mine'), 'own HTML');
      assert.equal(await formOf('default'), 'HTML');
      own.write('closing.txt.mustache', 'other words');
      assert.equal(await formOf('default'), 'text');
      own.write(
        'closing.html.mustache',
        '<p>other words</p></div></td></tr></table></td></tr></table></body></html>',
      );
      assert.equal(await formOf('default'), 'HTML');
    });
  });
});

/** Whether all tags nest. */
function opened(text: string): boolean {
  const open: string[] = [];
  const body = text.replace(/<!--.*?-->|<!DOCTYPE html>|<style>.*?<\/style>/gs, '');
  for (const [, close, name] of body.matchAll(/<(\/?)([a-z0-9]+)\b[^>]*>/g)) {
    if (/^(meta|img|br)$/.test(name!)) continue;
    if (close === '') open.push(name!);
    else if (open.pop() !== name) return false;
  }
  return open.length === 0;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
