import { parentPort } from 'node:worker_threads';
import { Resvg } from '@resvg/resvg-js';
import { indexedPng } from './indexed-png.ts';
import { withOutlines } from './letters.ts';
import type { ChartModel } from './model.ts';
import { chartSvg } from './svg.ts';

/*
 * The thread that draws charts: models come in, pictures go out, in the same order. It has a heap of its own, and a small one, because the
 * pictures that the rasteriser holds are freed only when the heap that names them is swept.
 */

/** Pixels for one of the chart, so that it is sharp on screens that have two. */
const SCALE = 2;

parentPort!.on('message', (model: ChartModel) => {
  const picture = new Resvg(withOutlines(chartSvg(model)), {
    fitTo: { mode: 'zoom', value: SCALE },
    font: { loadSystemFonts: false },
  });
  const image = picture.render();
  parentPort!.postMessage(
    Uint8Array.from(indexedPng(image.width, image.height, image.pixels) ?? image.asPng()),
  );
});
