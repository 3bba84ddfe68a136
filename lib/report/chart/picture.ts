import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { messageOf, UserError } from '../../model/user-error.ts';
import type { ChartModel } from './model.ts';

// Pictures of charts. They are drawn in a thread that is started when the first is asked for, and that keeps no process alive.

/** MiB of heap that drawing needs. */
const HEAP = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };

let worker: Worker | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * A chart as PNG, the same bytes for the same model on every machine. Rejects with a UserError when charts cannot be drawn here.
 * Pictures are drawn one at a time.
 */
export function chartPicture(model: ChartModel): Promise<Uint8Array> {
  const next = last.then(() => draw(model));
  last = next.catch(() => undefined);
  return next;
}

async function draw(model: ChartModel): Promise<Uint8Array> {
  worker ??= start();
  worker.ref();
  try {
    worker.postMessage(model);
    const [picture] = (await once(worker, 'message')) as [Uint8Array];
    return picture;
  } catch (error) {
    worker = undefined;
    throw new UserError(
      {
        what: 'chart cannot be drawn',
        got: messageOf(error),
        hint: 'set mail_format to "html" to send mails without charts',
      },
      { cause: error },
    );
  } finally {
    worker?.unref();
  }
}

function start(): Worker {
  return new Worker(new URL('./worker.js', import.meta.url), { resourceLimits: HEAP });
}
