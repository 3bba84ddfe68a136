import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { delimiter } from 'node:path';
import type { Writable } from 'node:stream';
import { messageOf } from '../../model/user-error.ts';
import { cleanReply } from '../answers.ts';
import { Source } from '../source.ts';
import type { Delivery, OutgoingMail, Transport, TransportOptions } from '../transport.ts';

const ANSWER_TIMEOUT = 630_000;
const SAID_LIMIT = 2_000;
const SAID_TIMEOUT = 1_000;
const OK = 0;
const TEMPORARY = 75; // EX_TEMPFAIL of sysexits.h
/** Exit codes that speak of this mail: EX_DATAERR, EX_NOUSER, EX_NOPERM. All others speak of the machine or its set-up. */
const FINAL: ReadonlyMap<number, string> = new Map([
  [65, 'refused'],
  [67, 'no-such-mailbox'],
  [77, 'refused-by-policy'],
]);
/** Folders of the program that the PATH of a timer may lack. */
const USUAL_PLACES = ['/usr/sbin', '/usr/lib'];

interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The program could not be started. */
  readonly error?: Error;
}

/**
 * The local mail program, called once a mail as `sendmail -i -f SENDER RECIPIENT`, without a shell. Exit code 0: it has taken the mail;
 * 65, 67, 77: never; else: later. A mail whose content breaks off is not delivered in part: the program is killed before its input ends.
 */
export class SendmailTransport implements Transport {
  readonly name: string;
  readonly way = 'wire';
  readonly #path: string;
  readonly #timeout: number;
  readonly #hangUp: AbortSignal | undefined;

  constructor(path = 'sendmail', options: TransportOptions = {}) {
    this.#path = path;
    this.#timeout = options.answerTimeout ?? ANSWER_TIMEOUT;
    this.#hangUp = options.hangUp;
    this.name = `sendmail:${path}`;
  }

  async send(mail: OutgoingMail): Promise<Delivery> {
    const { sender, recipient } = mail;
    if (sender.startsWith('-') || recipient.startsWith('-')) {
      return { outcome: 'failed', reply: 'address would be read as an option', reason: 'bad-address' };
    }
    if (this.#hangUp?.aborted === true)
      return { outcome: 'deferred', reply: cleanReply(messageOf(this.#hangUp.reason)) };
    const PATH = [process.env['PATH'] ?? '', ...USUAL_PLACES].join(delimiter);
    const child = spawn(this.#path, ['-i', '-f', sender, recipient], {
      stdio: 'pipe',
      env: { ...process.env, PATH },
    });
    const said = listen(child);
    const ended = exitOf(child);
    const giveUp = (): void => void child.kill('SIGKILL');
    const timer = setTimeout(giveUp, this.#timeout);
    this.#hangUp?.addEventListener('abort', giveUp);
    const source = new Source(() => mail.content());
    try {
      await feed(child, source);
      child.stdin.end();
      return verdict(await ended, said());
    } catch (error) {
      giveUp();
      await ended;
      throw error;
    } finally {
      clearTimeout(timer);
      this.#hangUp?.removeEventListener('abort', giveUp);
      for (const stream of child.stdio) stream?.destroy();
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function verdict({ code, signal, error }: Exit, said: string): Delivery {
  if (error) return { outcome: 'ours', reply: cleanReply(messageOf(error)), problem: 'program' };
  const reply = cleanReply(
    said === '' ? `exit code ${code ?? signal}` : `exit code ${code ?? signal}: ${said}`,
  );
  if (code === null) return { outcome: 'ambiguous', reply };
  if (code === OK) return { outcome: 'sent', reply };
  if (code === TEMPORARY) return { outcome: 'deferred', reply };
  const reason = FINAL.get(code);
  return reason === undefined
    ? { outcome: 'ours', reply, problem: 'program' }
    : { outcome: 'failed', reply, reason };
}

function exitOf(child: ChildProcessWithoutNullStreams): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ code: null, signal: null, error });
    });
    child.once('exit', (code, signal) => {
      const done = () => {
        clearTimeout(timer);
        resolve({ code, signal });
      };
      // What it said is read to its end, unless a process that it left behind keeps its streams open.
      const timer = setTimeout(done, SAID_TIMEOUT);
      child.once('close', done);
    });
  });
}

/** Collects the beginning of what the program says, on either stream. */
function listen(child: ChildProcessWithoutNullStreams): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(0, SAID_LIMIT);
    });
  }
  return () => text.trim();
}

/** Writes the message with the line ends of the machine, which is what a local mail program reads. Rejects when the content does. */
async function feed(child: ChildProcessWithoutNullStreams, source: Source): Promise<void> {
  const { stdin } = child;
  // A program that stops reading says why by its exit code.
  stdin.on('error', () => undefined);
  for await (const chunk of source.chunks()) {
    if (stdin.destroyed) return;
    if (!stdin.write(chunk.filter((byte) => byte !== 0x0d))) await roomIn(stdin);
  }
}

function roomIn(stdin: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'close']) stdin.off(event, done);
      resolve();
    };
    if (stdin.destroyed) done();
    else for (const event of ['drain', 'close']) stdin.once(event, done);
  });
}
