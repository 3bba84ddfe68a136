import { renderAsync } from '@resvg/resvg-js';
import { indexedPng } from './indexed-png.ts';
import { withOutlines } from './letters.ts';
import type { ChartModel } from './model.ts';
import { chartSvg } from './svg.ts';

/** Pixels for one of the chart, so that it is sharp on screens that have two. */
const SCALE = 2;

/** The chart as PNG. Another thread puts it on pixels, which is more than half of what it costs. */
export async function drawChart(model: ChartModel): Promise<Uint8Array> {
  const image = await renderAsync(withOutlines(chartSvg(model)), {
    fitTo: { mode: 'zoom', value: SCALE },
    font: { loadSystemFonts: false },
  });
  return indexedPng(image.width, image.height, image.pixels) ?? image.asPng();
}
