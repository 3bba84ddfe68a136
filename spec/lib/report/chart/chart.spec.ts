import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import { loadCatalogue } from '../../../../lib/report/render/catalogue.ts';
import { chartModel, type ChartModel } from '../../../../lib/report/chart/model.ts';
import { chartPicture } from '../../../../lib/report/chart/picture.ts';
import { chartSvg } from '../../../../lib/report/chart/svg.ts';
import { Locales } from '../../../../lib/report/render/locale.ts';
import { shippedPath } from '../../../../lib/report/render/shipped.ts';
import { Words } from '../../../../lib/report/render/words.ts';
import type { PreparedReport } from '../../../../lib/report/reports.ts';
import { END, rawEvent } from '../../../support/builders.ts';
import { makeFolder } from '../../../support/folder.ts';
import { laneReports } from '../support/lane-reports.ts';
import { HOSTILE, SMALL } from '../support/samples.ts';

describe('chart', () => {
  const folder = makeFolder();
  after(() => folder.remove());
  const catalogue = loadCatalogue();
  const modelOf = ({ record }: PreparedReport, locale = 'en'): ChartModel | undefined => {
    const translate = new Locales([shippedPath('locales')]).translate(locale);
    return chartModel(
      record,
      locale,
      catalogue,
      new Words(translate, { locale, timezone: 'Europe/Prague', defang: 'urls' }),
    );
  };
  let small: PreparedReport[];
  before(async () => {
    small = await laneReports(folder.path, SMALL, { settings: { locale: 'cs', timezone: 'Europe/Prague' } });
  });

  it('is the same picture on every machine', async () => {
    const path = shippedPath('spec', 'golden', 'chart.cs.png');
    const picture = await chartPicture(modelOf(small[0]!, 'cs')!);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, picture);
    assert.ok(Buffer.from(picture).equals(readFileSync(path)));
    assert.deepEqual(Buffer.from(small[0]!.chart!), readFileSync(path), 'and the one in the mail');
    assert.ok(picture.length < 32_000);
  });

  it('is drawn for several at a time', async () => {
    const model = modelOf(small[0]!, 'cs')!;
    const pictures = await Promise.all([chartPicture(model), chartPicture(model), chartPicture(model)]);
    for (const picture of pictures) assert.deepEqual(picture, pictures[0]);
  });

  it('says the same in words', () => {
    const { alt, time, classes } = modelOf(small[0]!)!;
    assert.equal(
      alt,
      'Chart: 8 events between 2026-01-04 18:00:00 +01:00 (2026-01-04 17:00:00 Z) and ' +
        '2026-01-06 00:00:00 +01:00 (2026-01-05 23:00:00 Z); the most, 1, within 1 hour from ' +
        '2026-01-04 18:00:00 +01:00 (2026-01-04 17:00:00 Z). ' +
        'Events by kind of problem: The machine tries to guess SSH passwords 6; ' +
        'Problem of an unclassified kind (our-own-class) 1; The machine scans other machines or networks 1.',
    );
    assert.deepEqual(time!.bars[0], { label: '18:00\n01-04', regular: 0, relapsed: 1 });
    assert.equal(time!.note, 'one bar: 1 hour, Europe/Prague');
    assert.deepEqual(
      classes!.bars.map((bar) => bar.count),
      [6, 1, 1],
    );
  });

  it('is left out where it would show nothing', async () => {
    const [summary] = await laneReports(folder.path, { regular: [SMALL.regular![0]!] });
    assert.equal(modelOf(summary!), undefined);
    assert.equal(summary!.chart, undefined);
    assert.doesNotMatch(summary!.html!, /<img/);
  });

  it('of one source is drawn where it has many events', async () => {
    const events = (count: number) => ({
      regular: Array.from({ length: count }, (_, i) => rawEvent({ stored: END - (i + 1) * 1_800_000 })),
    });
    for (const [count, drawn] of [
      [19, false],
      [20, true],
    ] as const) {
      const [, extra] = await laneReports(folder.path, events(count));
      assert.equal(extra!.chart !== undefined, drawn);
    }
  });

  it('brings nothing out of an event into a page', async () => {
    const [summary] = await laneReports(folder.path, HOSTILE);
    const svg = chartSvg(modelOf(summary!)!);
    assert.match(svg, /^<svg /);
    assert.doesNotMatch(svg, /<b>|<script|href|http(?!:\/\/www\.w3\.org)|[\u0000-\u0008\u202e]/);
    assert.equal(svg, chartSvg(modelOf(summary!)!), 'and is the same text every time');
  });

  describe('labels', () => {
    const HOUR = 3600;
    const DAY = 24 * HOUR;
    const cases: readonly [string, { zone: string; from: string; count: number; width: number }, string[]][] =
      [
        [
          "stand at whole steps of the reader's clock",
          { zone: 'Europe/Prague', from: '2026-11-12T11:00:00Z', count: 24, width: 3 * HOUR },
          ['00:00\n11-13', '00:00\n11-14', '00:00\n11-15'],
        ],
        [
          'of hours do, too, and name the day where it is another one',
          { zone: 'Europe/Prague', from: '2026-11-12T17:30:00Z', count: 20, width: HOUR },
          ['00:00\n11-13', '06:00', '12:00'],
        ],
        [
          'follow a clock that is half an hour off',
          { zone: 'Asia/Kolkata', from: '2026-11-12T17:30:00Z', count: 40, width: 900 },
          ['00:00\n11-13', '02:00', '04:00', '06:00', '08:00'],
        ],
        [
          'of days have no time',
          { zone: 'Europe/Prague', from: '2026-11-10T00:00:00Z', count: 30, width: DAY },
          ['11-12', '11-19', '11-26', '12-03'],
        ],
      ];
    for (const [name, { zone, from, count, width }, expected] of cases) {
      it(name, () => {
        const words = new Words((key) => key, { locale: 'en', timezone: zone, defang: 'none' });
        const start = Date.parse(from);
        // As fine as a record has it: the first and the last bar have an event.
        const at = (instant: number): [string, number] => [new Date(instant).toISOString(), 1];
        const regular = Object.fromEntries([at(start), at(start + (count - 1) * width * 1000)]);
        const timeline = { width: 900, regular, relapsed: {} };
        const model = chartModel(
          { ...small[0]!.record, timeline, statistics: { ...small[0]!.record.statistics, classes: {} } },
          'en',
          catalogue,
          words,
        )!;
        assert.deepEqual(
          model.time!.bars.map(({ label }) => label).filter((label) => label !== ''),
          expected,
        );
      });
    }
  });
});
