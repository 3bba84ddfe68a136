import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { Resvg } from '@resvg/resvg-js';
import { indexedPng } from './indexed-png.ts';
import type { ChartModel } from './model.ts';
import { chartSvg, FONT } from './svg.ts';

/*
 * The thread that draws charts: models come in, pictures go out, in the same order. It has a heap of its own, and a small one, because the
 * pictures that the rasteriser holds are freed only when the heap that names them is swept.
 */

/** Pixels for one of the chart, so that it is sharp on screens that have two. */
const SCALE = 2;

const fontFile = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
// Says which file is missing before anything is drawn without it.
readFileSync(fontFile);

parentPort!.on('message', (model: ChartModel) => {
  const picture = new Resvg(chartSvg(model), {
    fitTo: { mode: 'zoom', value: SCALE },
    // Fonts of the machine would make its mails differ from those of others.
    font: { loadSystemFonts: false, fontFiles: [fontFile], defaultFontFamily: FONT },
  });
  const image = picture.render();
  parentPort!.postMessage(
    Uint8Array.from(indexedPng(image.width, image.height, image.pixels) ?? image.asPng()),
  );
});
