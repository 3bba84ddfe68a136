import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';
import { Resvg } from '@resvg/resvg-js';
import { describe, it } from 'mocha';
import { drawChart } from '../../../../lib/report/chart/drawing.ts';
import { indexedPng } from '../../../../lib/report/chart/indexed-png.ts';
import { withOutlines } from '../../../../lib/report/chart/letters.ts';
import type { ChartModel } from '../../../../lib/report/chart/model.ts';
import { chartSvg } from '../../../../lib/report/chart/svg.ts';

describe('picture with a palette', () => {
  const [RED, BLUE] = [
    [200, 0, 1, 255],
    [0, 2, 250, 255],
  ] as const;

  /** The data of the first chunk of a kind. */
  const dataOf = (png: Uint8Array, kind: string): Buffer => {
    const bytes = Buffer.from(png);
    const at = bytes.indexOf(kind, 0, 'latin1');
    return bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4));
  };

  it('has every row, also one that is the same as the one above', () => {
    const rows = [
      [RED, BLUE],
      [RED, BLUE],
      [BLUE, BLUE],
      [RED, BLUE],
    ];
    const png = indexedPng(2, 4, Uint8Array.from(rows.flat(2)))!;
    assert.deepEqual([...dataOf(png, 'PLTE')], [...RED.slice(0, 3), ...BLUE.slice(0, 3)]);
    // Each begins with the number of its filter; the rest is what is added to the row above.
    assert.deepEqual([...inflateSync(dataOf(png, 'IDAT'))], [2, 0, 1, 2, 0, 0, 2, 1, 0, 2, 255, 0]);
  });

  it('takes no more than 256 colours', () => {
    const pixels = (count: number) =>
      Uint8Array.from(Array.from({ length: count }, (_, i) => [i & 255, i >> 8, 0, 255]).flat());
    assert.notEqual(indexedPng(256, 1, pixels(256)), undefined);
    assert.equal(indexedPng(257, 1, pixels(257)), undefined);
  });
});

describe('letters of a chart', () => {
  const FONT = 'font-family="DejaVu Sans" font-size="11"';
  const text = (words: string, place: number, attributes = FONT) =>
    `<text text-anchor="end" ${attributes} y="7" transform="translate(${place} 8)" fill="#57606a">${words}</text>`;
  const pathOf = (svg: string): string => / d="([^"]*)"/.exec(svg)![1]!;

  it('are outlines that stand where the text stood', () => {
    const drawn = withOutlines(`<svg>${text('06:00', 40)}</svg>`);
    assert.match(drawn, /^<svg><path transform="translate\(40 8\)" fill="#57606a" d="M [^"]+"\/><\/svg>$/);
  });

  it('are the same whether the text is known or not', () => {
    const first = withOutlines(text('Fresh &amp; known', 1));
    const both = withOutlines(text('Fresh &amp; known', 2) + text('another', 3));
    assert.equal(pathOf(both), pathOf(first));
  });

  it('differ by text and by size', () => {
    const paths = [text('12', 1), text('21', 1), text('12', 1, FONT.replace('11', '12'))].map((svg) =>
      pathOf(withOutlines(svg)),
    );
    assert.equal(new Set(paths).size, 3);
  });

  it('of a text that shows nothing are none', () => {
    assert.equal(pathOf(withOutlines(text(' ', 1))), '');
  });

  it('of more texts than are kept are all drawn', () => {
    const before = pathOf(withOutlines(text('number 7', 1)));
    const many = Array.from({ length: 600 }, (_, i) => text(`number ${i}`, 1)).join('\n');
    const drawn = withOutlines(many).split('\n').map(pathOf);
    assert.equal(drawn[7], before);
    assert.equal(new Set(drawn).size, 600);
  });
});

describe('chart as SVG', () => {
  const bars = (...counts: (readonly [regular: number, relapsed: number])[]) =>
    counts.map(([regular, relapsed], i) => ({ label: i === 0 ? '00:00\n01-05' : '', regular, relapsed }));
  const model = (
    counts: readonly (readonly [number, number])[],
    classes: readonly number[] = [],
  ): ChartModel => ({
    locale: 'en',
    time: { title: 'Over time', note: 'one bar: 1 hour', bars: bars(...counts) },
    classes:
      classes.length === 0
        ? undefined
        : { title: 'Kinds', bars: classes.map((count, i) => ({ label: `kind <${i}>`, count })) },
    legend: { regular: 'new', relapsed: 'relapsed' },
    alt: '',
  });
  const rectangles = (svg: string, fill: string): Record<string, string>[] =>
    Array.from(svg.matchAll(/<rect ([^>]*)>/g), ([, attributes]) => {
      const found = attributes!.matchAll(/(\w+)="([^"]*)"/g);
      return Object.fromEntries(Array.from(found, ([, key, value]) => [key!, value!]));
    }).filter((one) => one['fill'] === fill);
  const texts = (svg: string) => Array.from(svg.matchAll(/<text [^>]*>([^<]*)</g), ([, text]) => text);

  it('has bars as high as their counts, relapsed ones upon new ones', () => {
    const svg = chartSvg(
      model([
        [40, 0],
        [10, 20],
        [0, 0],
      ]),
    );
    // The scale ends at 40, 90 pixels above its base at 152.
    const fresh = rectangles(svg, '#1f6fb2').filter(({ rx }) => rx === undefined);
    const relapsed = rectangles(svg, '#c2571a').filter(({ rx }) => rx === undefined);
    assert.deepEqual(
      fresh.map(({ y, height }) => [y, height]),
      [
        ['62', '90'],
        ['129.5', '22.5'],
      ],
    );
    assert.deepEqual(
      relapsed.map(({ x, y, height }) => [x, y, height]),
      [[fresh[1]!['x'], '84.5', '45']],
    );
  });

  it('counts in whole numbers, and explains colours where there are two', () => {
    assert.deepEqual(
      texts(
        chartSvg(
          model([
            [1, 0],
            [0, 0],
          ]),
        ),
      ).slice(2),
      ['0', '1', '00:00', '01-05'],
    );
    assert.deepEqual(
      texts(
        chartSvg(
          model([
            [1, 0],
            [0, 1],
          ]),
        ),
      ).slice(2, 4),
      ['new', 'relapsed'],
    );
  });

  it('has a bar and a number for each kind of problem', () => {
    const svg = chartSvg(
      model(
        [
          [1, 0],
          [0, 0],
        ],
        [4000, 1000, 1],
      ),
    );
    assert.deepEqual(
      rectangles(svg, '#6b7885').map(({ width }) => width),
      ['320', '80', '1'],
    );
    assert.deepEqual(texts(svg).slice(-6), [
      'kind &lt;0&gt;',
      '4,000',
      'kind &lt;1&gt;',
      '1,000',
      'kind &lt;2&gt;',
      '1',
    ]);
  });

  it('is drawn whatever characters its texts have', async () => {
    const hostile = 'a\u0000\u001b\ufffe\uffff\ud800]]> $& <text "\'b';
    const base = model([], [2, 1]);
    const classes = { title: hostile, bars: base.classes!.bars.map((bar) => ({ ...bar, label: hostile })) };
    assert.deepEqual(texts(chartSvg({ ...base, time: undefined, classes })).slice(0, 1), [
      'a\ufffd\ufffd\ufffd\ufffd\ufffd]]&gt; $&amp; &lt;text &quot;&#39;b',
    ]);
    assert.ok((await drawChart({ ...base, time: undefined, classes })).length > 0);
  });

  it('keeps large numbers within the card', () => {
    const base = model([[400_000, 0]], [88_888_888, 123_456_789]);
    for (const locale of ['en', 'cs', 'de', 'pl']) {
      const { width, height, pixels } = new Resvg(withOutlines(chartSvg({ ...base, locale }))).render();
      const column = (x: number) =>
        Array.from({ length: height }, (_, y) => pixels.readInt32LE((y * width + x) * 4));
      for (const x of [0, width - 1]) assert.equal(new Set(column(x)).size, 1, `${locale} ${x}`);
    }
  });

  it('has room for a note as long as the card, below the legend', () => {
    const svg = chartSvg(
      model([
        [1, 0],
        [0, 1],
      ]),
    );
    const baselineOf = (words: string): number =>
      Number(new RegExp(`translate\\([\\d.]+ ([\\d.]+)\\)"[^>]*>${words}<`).exec(svg)![1]);
    // Letters of 11 pixels reach 9 above the line that they stand on, and 3 below.
    assert.ok(baselineOf('relapsed') + 3 <= baselineOf('one bar: 1 hour') - 9);
    assert.ok(baselineOf('new') + 3 <= baselineOf('relapsed') - 9);
  });
});
