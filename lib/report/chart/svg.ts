import { createRequire } from 'node:module';
import type * as ECharts from 'echarts/core';
import type { ChartModel, TimeBar } from './model.ts';
import { chartHeight, CLASS_HEIGHT, EDGE, TIME_HEIGHT, WIDTH } from './size.ts';

// Draws a chart as SVG, on a light card of its own, so that it can be read on a dark page, too. Loading this module costs 17 MB.

/** The library in one file: its 200 modules, of which it takes as many for bars alone, cost 20 MB and 0.3 s of processor more. */
const { init } = createRequire(import.meta.url)('echarts/dist/echarts.common.min.js') as typeof ECharts;

/** The font that is shipped; a page may have it or not. */
export const FONT = 'DejaVu Sans';

const INK = '#1f2328';
const MUTED = '#57606a';
const LINE = '#d8dee4';
const CARD = '#fbfcfd';
const NEW = '#1f6fb2';
const KNOWN = '#c2571a';

/** Nobody points at a picture. */
const BAR = { type: 'bar', silent: true, emphasis: { disabled: true } };

/** The chart as one SVG element: the same text for the same model. */
export function chartSvg(model: ChartModel): string {
  const height = chartHeight(model);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  const panels = [timePanel(model), classPanel(model)].filter((panel) => panel !== undefined);
  chart.setOption({
    animation: false,
    backgroundColor: CARD,
    textStyle: { fontFamily: FONT, color: INK, fontSize: 12 },
    title: panels.map((panel) => panel.title),
    grid: panels.map((panel) => ({ ...panel.grid, outerBoundsMode: 'none' })),
    xAxis: panels.map((panel, gridIndex) => ({ ...panel.xAxis, gridIndex })),
    yAxis: panels.map((panel, gridIndex) => ({ ...panel.yAxis, gridIndex })),
    series: panels.flatMap((panel, i) =>
      panel.series.map((one) => ({ ...one, ...BAR, xAxisIndex: i, yAxisIndex: i })),
    ),
    legend: legendOf(model),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // What is only for a pointer over it goes, and so do the numbers by which the library tells its charts apart.
  return svg
    .replace(/<style >.*<\/style>\n?/s, '')
    .replace(/ (?:class|ecmeta_[a-z_]+)="[^"]*"/g, '')
    .replace(/\bzr\d+-/g, 'zr-');
}

function titleOf(text: string, top: number, subtext?: string): object {
  return {
    text,
    left: EDGE,
    top,
    padding: 0,
    itemGap: 5,
    textStyle: { fontFamily: FONT, fontSize: 14, fontWeight: 'bold', color: INK },
    ...(subtext === undefined
      ? {}
      : { subtext, subtextStyle: { fontFamily: FONT, fontSize: 11, color: MUTED } }),
  };
}

function legendOf({ time, legend }: ChartModel): object {
  const both = time?.bars.some((bar) => bar.relapsed > 0) && time.bars.some((bar) => bar.regular > 0);
  return {
    show: both === true,
    right: EDGE,
    top: EDGE - 3,
    itemWidth: 10,
    itemHeight: 10,
    itemGap: 12,
    textStyle: { fontFamily: FONT, fontSize: 11, color: INK },
    data: [legend.regular, legend.relapsed],
  };
}

interface Panel {
  readonly title: object;
  readonly grid: object;
  readonly xAxis: object;
  readonly yAxis: object;
  readonly series: readonly object[];
}

function timePanel({ time, legend, locale }: ChartModel): Panel | undefined {
  if (time === undefined) return undefined;
  const number = new Intl.NumberFormat(locale, { notation: 'compact' });
  const bar = (name: string, color: string, of: (bar: TimeBar) => number): object => ({
    name,
    stack: 'events',
    barCategoryGap: time.bars.length > 20 ? '20%' : '30%',
    barMaxWidth: 40,
    itemStyle: { color },
    // Nothing is drawn for a bar of no event, which most are.
    data: time.bars.map((one) => of(one) || null),
  });
  return {
    title: titleOf(time.title, EDGE, time.note),
    grid: { left: 48, right: EDGE, top: EDGE + 46, height: TIME_HEIGHT - EDGE - 46 - 44 },
    xAxis: {
      type: 'category',
      data: time.bars.map(({ label }) => label),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: MUTED } },
      axisLabel: {
        interval: (_: number, label: string) => label !== '',
        color: MUTED,
        fontSize: 11,
        lineHeight: 14,
      },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitNumber: 3,
      splitLine: { lineStyle: { color: LINE } },
      axisLabel: { color: MUTED, fontSize: 11, formatter: (value: number) => number.format(value) },
    },
    series: [
      bar(legend.regular, NEW, ({ regular }) => regular),
      bar(legend.relapsed, KNOWN, ({ relapsed }) => relapsed),
    ],
  };
}

function classPanel({ time, classes, locale }: ChartModel): Panel | undefined {
  if (classes === undefined) return undefined;
  const top = time === undefined ? EDGE : TIME_HEIGHT + 4;
  const number = new Intl.NumberFormat(locale);
  const bars = [...classes.bars].reverse();
  return {
    title: titleOf(classes.title, top),
    grid: { left: EDGE, right: 64, top: top + 26, height: bars.length * CLASS_HEIGHT },
    xAxis: { type: 'value', show: false, min: 0 },
    yAxis: {
      type: 'category',
      data: bars.map(({ label }) => label),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: {
        inside: true,
        margin: 0,
        align: 'left',
        verticalAlign: 'bottom',
        padding: [0, 0, 7, 0],
        color: INK,
        fontSize: 12,
      },
      z: 10,
    },
    series: [
      {
        barWidth: 9,
        // Below the middle, because the name stands above it.
        itemStyle: { color: '#6b7885', borderRadius: 2 },
        barCategoryGap: '0%',
        label: {
          show: true,
          position: 'right',
          color: INK,
          fontSize: 12,
          formatter: ({ value }: { value: number }) => number.format(value),
        },
        data: bars.map(({ count }) => count),
      },
    ],
  };
}
