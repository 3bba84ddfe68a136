import type { Log } from './ports.ts';
import { createOutbox, type Outbox } from '../mail/outbox.ts';
import { openTransport } from '../mail/open-transport.ts';
import type { Transport } from '../mail/transport.ts';
import type { Group } from '../model/group/group.ts';
import type { Instant } from '../model/time.ts';
import { messageOf } from '../model/user-error.ts';
import type { Store } from '../store/port.ts';
import { hasEnded, processIdentity } from '../system/process-identity.ts';
import type { RunOptions } from './run-options.ts';

/** Milliseconds that the current mail may still take once a run is stopped. */
const GRACE_PERIOD = 5_000;

/** Sends a run's mails and counts their results. */
export class MailDelivery {
  readonly #transport: Transport;
  readonly #outbox: Outbox;
  readonly #totals = { sent: 0, deferred: 0, failed: 0, ambiguous: 0 };
  /** One line each. */
  readonly failures = new Set<string>();
  readonly #log: Log;
  readonly #stop: AbortSignal;
  readonly #hangUp = new AbortController();
  #graceTimer: NodeJS.Timeout | undefined;
  #queue: Promise<void> = Promise.resolve();
  /** Mails wait for something that the operator has to change. */
  needsOperator = false;

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
    this.#stop.addEventListener('abort', this.#startGracePeriod);
    this.#transport = openTransport(options.mailUri, { hangUp: this.#hangUp.signal });
    this.#outbox = createOutbox({
      ...deps,
      outbox: store.outbox,
      transport: this.#transport,
      options: options.mail,
      // Rare, and it loads the languages of mails.
      holder: processIdentity(),
      hasEnded,
      rebuild: async function* (row, room) {
        const { strippedMessage } = await import('./slice/compose-reports.ts');
        yield* strippedMessage({ ...row, room }, { store, groups, localesDir: options.report.localesDir });
      },
    });
  }

  /** The transport as outbox rows name it: rows of other transports are left to runs that have those. */
  get way(): string {
    return this.#transport.way;
  }

  /** Where mails go, for people. */
  get place(): string {
    return this.#transport.name;
  }

  /** Mails tried, by their state now. */
  get totals(): Readonly<Record<string, number>> {
    return this.#totals;
  }

  /**
   * Sends what is due, of all runs or of one, after earlier calls have ended. A problem of the store is added to the failures; the mails
   * stay in the outbox. Never rejects.
   */
  deliver(run?: string): Promise<void> {
    return (this.#queue = this.#queue.then(() => this.#deliver(run)));
  }

  async #deliver(run: string | undefined): Promise<void> {
    try {
      const pass = await this.#outbox.deliverDue(run);
      for (const state of ['sent', 'deferred', 'failed', 'ambiguous'] as const)
        this.#totals[state] += pass[state];
      for (const failure of pass.failures) this.failures.add(failure);
      for (const line of pass.withdrawn) this.failures.delete(line);
      this.needsOperator ||= pass.needsOperator;
    } catch (error) {
      this.#log.exception('mails cannot be processed', error);
      this.failures.add(`mails cannot be processed: ${messageOf(error)}`);
    }
  }

  /** Deletes messages that are past their retention. */
  sweep(): Promise<void> {
    return this.#outbox.sweep();
  }

  /** Waits until every requested mail was tried and counted. */
  settled(): Promise<void> {
    return this.#queue;
  }

  async close(): Promise<void> {
    await this.settled();
    this.#stop.removeEventListener('abort', this.#startGracePeriod);
    clearTimeout(this.#graceTimer);
    await this.#transport.close();
  }

  /** A server may take ten minutes to answer, longer than a service manager waits. */
  readonly #startGracePeriod = (): void => {
    this.#graceTimer = setTimeout(() => {
      this.#hangUp.abort(new Error('no answer before the run was stopped'));
    }, GRACE_PERIOD);
  };
}
