import { scaleBand, scaleLinear } from 'd3-scale';
import { escapeHtml } from '../render/html.ts';
import type { ChartModel, TimeBar } from './model.ts';
import { chartHeight, CLASS_HEIGHT, EDGE, TIME_HEIGHT, WIDTH } from './size.ts';

// Draws a chart as SVG, on a light card of its own, so that it can be read on a dark page, too.

/** The font that is shipped; a page may have it or not. */
export const FONT = 'DejaVu Sans';

const INK = '#1f2328';
const MUTED = '#57606a';
const LINE = '#d8dee4';
const CARD = '#fbfcfd';
const CLASS = '#6b7885';
const NEW = '#1f6fb2';
const KNOWN = '#c2571a';

/** Where the bars over time stand: right of their scale, below the titles, above the times. */
const PLOT = { left: 56, right: WIDTH - EDGE, top: EDGE + 46, bottom: TIME_HEIGHT - 44 } as const;
/** About as many steps as the scale of counts has. */
const STEPS = 3;
const BROADEST = 40;
/** How thick the bar of a kind of problem is. */
const THICKNESS = 9;
/** What numbers need beside the longest such bar: at least so much, and so much for each character of the longest. */
const NUMBER_WIDTH = 64;
const CHARACTER_WIDTH = 8;
/** Of a colour in the legend. */
const SQUARE = 10;

/** What XML has no place for, not even escaped: a drawing with one of them cannot be read. */
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** The chart as one SVG element: the same text for the same model. */
export function chartSvg(model: ChartModel): string {
  const height = chartHeight(model);
  const size = { width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}` };
  const card = rectangle(0, 0, WIDTH, height, CARD);
  const content = [card, ...timePanel(model), ...classPanel(model)].join('');
  return element('svg', { xmlns: 'http://www.w3.org/2000/svg', ...size }, content);
}

function timePanel({ time, legend, locale }: ChartModel): string[] {
  if (time === undefined) return [];
  const { title, note, bars } = time;
  const most = Math.max(...bars.map(({ regular, relapsed }) => regular + relapsed));
  const y = scaleLinear([0, most], [PLOT.bottom, PLOT.top]).nice(STEPS);
  const counts = y.ticks(STEPS).filter(Number.isInteger);
  const number = new Intl.NumberFormat(locale, { notation: 'compact' });
  const gap = bars.length > 20 ? 0.2 : 0.3;
  const x = scaleBand(bars.keys(), [PLOT.left, PLOT.right])
    .paddingInner(gap)
    .paddingOuter(gap / 2);
  const width = Math.min(x.bandwidth(), BROADEST);
  const middle = (i: number): number => x(i)! + x.bandwidth() / 2;
  const bar = (i: number, from: number, to: number, colour: string): string =>
    from === to ? '' : rectangle(middle(i) - width / 2, y(to), width, y(from) - y(to), colour);
  return [
    text(title, EDGE, EDGE + 11, INK, 14),
    text(note, EDGE, EDGE + 28, MUTED, 11),
    ...(hasBoth(bars) ? [key(legend.regular, EDGE + 2, NEW), key(legend.relapsed, EDGE + 16, KNOWN)] : []),
    ...counts.map((count) => rule(y(count), LINE)),
    ...counts.map((count) => text(number.format(count), PLOT.left - 6, y(count) + 4, MUTED, 11, 'end')),
    ...bars.map(({ regular }, i) => bar(i, 0, regular, NEW)),
    ...bars.map(({ regular, relapsed }, i) => bar(i, regular, regular + relapsed, KNOWN)),
    rule(PLOT.bottom, MUTED),
    ...bars.flatMap(({ label }, i) =>
      label === ''
        ? []
        : label
            .split('\n')
            .map((row, n) => text(row, middle(i), PLOT.bottom + 19 + n * 14, MUTED, 11, 'middle')),
    ),
  ];
}

function hasBoth(bars: readonly TimeBar[]): boolean {
  return bars.some(({ regular }) => regular > 0) && bars.some(({ relapsed }) => relapsed > 0);
}

/** A line of the legend, at the right: above the note, which may be as long as the name of a zone. */
function key(name: string, baseline: number, colour: string): string {
  const left = WIDTH - EDGE - SQUARE;
  return (
    text(name, left - 6, baseline, INK, 11, 'end') +
    rectangle(left, baseline - SQUARE + 1, SQUARE, SQUARE, colour, 2)
  );
}

function classPanel({ time, classes, locale }: ChartModel): string[] {
  if (classes === undefined) return [];
  const top = time === undefined ? EDGE : TIME_HEIGHT + 4;
  const number = new Intl.NumberFormat(locale);
  const numbers = classes.bars.map(({ count }) => number.format(count));
  const room = Math.max(NUMBER_WIDTH, ...numbers.map(({ length }) => length * CHARACTER_WIDTH));
  const most = Math.max(...classes.bars.map(({ count }) => count));
  const x = scaleLinear([0, most], [0, WIDTH - EDGE - room]);
  return [
    text(classes.title, EDGE, top + 11, INK, 14),
    ...classes.bars.flatMap(({ label, count }, i) => {
      const row = top + 26 + i * CLASS_HEIGHT;
      return [
        text(label, EDGE, row + 8, INK, 12),
        rectangle(EDGE, row + 12.5, Math.max(x(count), 1), THICKNESS, CLASS, 2),
        text(numbers[i]!, EDGE + x(count) + 5, row + 21, INK, 12),
      ];
    }),
  ];
}

/** A line across the bars, on whole pixels. */
function rule(y: number, stroke: string): string {
  const at = Math.round(y) + 0.5;
  return element('line', { x1: PLOT.left, x2: PLOT.right, y1: at, y2: at, stroke });
}

function rectangle(x: number, y: number, width: number, height: number, fill: string, rx = 0): string {
  return element('rect', { x, y, width, height, fill, ...(rx === 0 ? {} : { rx }) });
}

/** @param y of the line that its letters stand on */
function text(
  content: string,
  x: number,
  y: number,
  fill: string,
  size: number,
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  const font = { 'font-family': FONT, 'font-size': size, 'text-anchor': anchor };
  const at = `translate(${rounded(x)} ${rounded(y)})`;
  return element('text', { ...font, transform: at, fill }, escapeHtml(content.replace(UNWRITABLE, '\ufffd')));
}

function element(name: string, attributes: Readonly<Record<string, string | number>>, content = ''): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : value}"`)
    .join('');
  return `<${name}${written}>${content}</${name}>`;
}

/** A length in hundredths of a pixel, which is finer than anybody sees. */
function rounded(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
