import type { Log } from './ports.ts';
import { createOutbox, type Outbox } from '../mail/outbox.ts';
import { openTransport } from '../mail/open-transport.ts';
import type { Transport } from '../mail/transport.ts';
import type { Group } from '../model/group/group.ts';
import type { Instant } from '../model/time.ts';
import { messageOf } from '../model/user-error.ts';
import type { Store } from '../store/port.ts';
import type { RunOptions } from './run-options.ts';

/** Milliseconds that the mail at hand may still take once a run is asked to end. */
const PATIENCE = 5_000;

/** Sends a run's mails and adds up what became of them. */
export class MailDelivery {
  readonly #transport: Transport;
  readonly #outbox: Outbox;
  readonly #totals = { sent: 0, deferred: 0, failed: 0, ambiguous: 0 };
  /** One line each. */
  readonly failures = new Set<string>();
  readonly #log: Log;
  readonly #stop: AbortSignal;
  readonly #hangUp = new AbortController();
  #patience: NodeJS.Timeout | undefined;
  #underway: Promise<void> = Promise.resolve();
  /** The mail server takes nothing of ours until the credentials are mended. */
  unauthorized = false;

  constructor(
    options: RunOptions,
    deps: {
      readonly store: Store;
      readonly log: Log;
      readonly clock: () => Instant;
      readonly random: () => number;
      readonly stop: AbortSignal;
    },
    groups: readonly Group[],
  ) {
    const { store } = deps;
    this.#log = deps.log;
    this.#stop = deps.stop;
    this.#stop.addEventListener('abort', this.#loseHope);
    this.#transport = openTransport(options.mailUri, { hangUp: this.#hangUp.signal });
    this.#outbox = createOutbox({
      ...deps,
      outbox: store.outbox,
      transport: this.#transport,
      options: options.mail,
      // Rare, and it takes the languages of mails to be loaded.
      rebuild: async function* (run, label) {
        const { strippedMessage } = await import('./slice/compose-reports.ts');
        yield* strippedMessage(run, label, { store, groups, localesDir: options.report.localesDir });
      },
    });
  }

  /** The way mails go: a row made for another one is left to runs that have that. */
  get way(): string {
    return this.#transport.way;
  }

  /** Where mails go, for people. */
  get place(): string {
    return this.#transport.name;
  }

  /** Mails tried, per state they were left in. */
  get totals(): Readonly<Record<string, number>> {
    return this.#totals;
  }

  /**
   * Works off what is due, of all runs or of one, once it is done with what it was asked to before. A problem of the store is noted: the mails
   * are still there, and no lane is the worse for it. Never rejects.
   */
  deliver(run?: string): Promise<void> {
    return (this.#underway = this.#underway.then(() => this.#deliver(run)));
  }

  async #deliver(run: string | undefined): Promise<void> {
    try {
      const pass = await this.#outbox.deliverDue(run);
      for (const state of ['sent', 'deferred', 'failed', 'ambiguous'] as const)
        this.#totals[state] += pass[state];
      for (const failure of pass.failures) this.failures.add(failure);
      this.unauthorized ||= pass.unauthorized;
    } catch (error) {
      this.#log.exception('mails cannot be worked off', error);
      this.failures.add(`mails cannot be worked off: ${messageOf(error)}`);
    }
  }

  /** Deletes messages that are kept no longer. */
  sweep(): Promise<void> {
    return this.#outbox.sweep();
  }

  /** Waits until everything that was asked for was tried, and counted. */
  settled(): Promise<void> {
    return this.#underway;
  }

  async close(): Promise<void> {
    await this.settled();
    this.#stop.removeEventListener('abort', this.#loseHope);
    clearTimeout(this.#patience);
    await this.#transport.close();
  }

  /** The run was asked to end. A server may take ten minutes to answer for a mail; whoever ends a service does not wait for that. */
  readonly #loseHope = (): void => {
    this.#patience = setTimeout(() => {
      this.#hangUp.abort(new Error('no answer before the run was ended'));
    }, PATIENCE);
  };
}
