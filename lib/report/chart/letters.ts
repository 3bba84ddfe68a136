import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import { FONT } from './svg.ts';

/*
 * The texts of a chart as outlines of their letters. The rasteriser reads the whole font from its file again for every letter or two, some
 * 250 times a picture, which takes 8 ms; the charts of a run say mostly the same words, so what a text looks like is kept.
 */

const fontFile = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
// Says which file is missing before anything is drawn without it.
readFileSync(fontFile);

/** Texts that are kept: some kilobytes each. */
const KEPT = 500;

const TEXT = /<text ([^>]*)>([^<]*)<\/text>/g;
/** What does not change the outline: where it stands and its colour. */
const PLACED = / ?(?:transform|fill)="[^"]*"/g;

const known = new Map<string, string>();

/** The same chart without a text in it: it looks the same, and takes no font to draw. */
export function withOutlines(svg: string): string {
  const texts = new Set(Array.from(svg.matchAll(TEXT), ([, attributes, text]) => keyOf(attributes!, text!)));
  const missing = [...texts].filter((key) => !known.has(key));
  if (known.size + missing.length > KEPT) known.clear();
  const wanted = known.size === 0 ? [...texts] : missing;
  if (wanted.length > 0) outlines(wanted).forEach((outline, i) => known.set(wanted[i]!, outline));
  return svg.replace(TEXT, (_, attributes: string, text: string) => {
    const placed = attributes.match(PLACED) ?? [];
    return `<path${placed.join('')} d="${known.get(keyOf(attributes, text))!}"/>`;
  });
}

function keyOf(attributes: string, text: string): string {
  return `<text ${attributes.replace(PLACED, '')}>${text}</text>`;
}

/** The outline of each text, empty for one that shows nothing. */
function outlines(texts: readonly string[]): string[] {
  const groups = texts.map((text, i) => `<g id="text-${i}">${text}</g>`).join('');
  const drawn = new Resvg(`<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1">${groups}</svg>`, {
    // Fonts of the machine would make its mails differ from those of others.
    font: { loadSystemFonts: false, fontFiles: [fontFile], defaultFontFamily: FONT },
  }).toString();
  const [, ...parts] = drawn.split('<g id="text-');
  return parts.map((part) => Array.from(part.matchAll(/ d="([^"]*)"/g), ([, path]) => path!).join(' '));
}
