import { messageOf, UserError } from '../../model/user-error.ts';
import type { ChartModel } from './model.ts';

let last: Promise<unknown> = Promise.resolve();

/**
 * A chart as PNG, the same bytes for the same model on every machine. Rejects with a UserError when charts cannot be drawn here.
 * Pictures are drawn one at a time, as each needs several megabytes meanwhile.
 */
export function chartPicture(model: ChartModel): Promise<Uint8Array> {
  const next = last.then(() => draw(model));
  last = next.catch(() => undefined);
  return next;
}

async function draw(model: ChartModel): Promise<Uint8Array> {
  try {
    // Most runs have nothing to report, so the rasteriser and its font are loaded for the first chart only.
    const { drawChart } = await import('./drawing.ts');
    return await drawChart(model);
  } catch (error) {
    throw new UserError(
      {
        what: 'chart cannot be drawn',
        got: messageOf(error),
        hint: 'set mail_format to "html" to send mails without charts',
      },
      { cause: error },
    );
  }
}
