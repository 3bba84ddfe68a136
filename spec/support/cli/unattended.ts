import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { shipped } from '../../../lib/config/locations.ts';
import type { Runlog } from '../../../lib/observe/runlog/record.ts';
import { openEmbeddedStore } from '../../../lib/store/embedded/index.ts';
import type { OutboxRow } from '../../../lib/store/port.ts';
import { makeFolder, type Folder } from '../folder.ts';

const GROUPS = shipped('conf/sample/groups.json');
const EVENTS = shipped('conf/sample/events.ndjson');
const WINDOW = ['--time-low', '2026-11-10T00:00:00Z', '--time-high', '2026-11-12T00:00:00Z'];

/** The store that the sample makes; the same for every installation. */
let sample: Buffer | undefined;

async function sampleStore(place: Installation): Promise<Buffer> {
  for (const args of [
    ['--action', 'groups-import', '--input', GROUPS],
    ['--action', 'events-import', '--input', EVENTS, '--log-level', 'error'],
  ]) {
    const { code, stderr } = await place.call(...args);
    if (code !== 0) throw new Error(stderr);
  }
  return readFileSync(place.data('run/mentat-reporter.db'));
}

/** How a real process of the program ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An installation of its own with the sample events in it, whose program is run as processes of the system. */
export class Installation {
  readonly folder: Folder = makeFolder();
  readonly #children = new Set<ChildProcess>();

  constructor(config: Readonly<Record<string, unknown>> = {}) {
    this.folder.write(
      'etc/mentat/mentat-reporter.conf',
      JSON.stringify({ interval: '10_minutes', mail_from: 'reports@reporter.example', ...config }),
    );
  }

  /** A path below the data folder: `run/mentat-reporter.db`. */
  data(path: string): string {
    return this.folder.at(`var/mentat/${path}`);
  }

  /** @param before options of Node */
  start(args: readonly string[], before: readonly string[] = []): ChildProcess {
    const child = spawn(process.execPath, [...before, shipped('bin/mentat-reporter'), ...args], {
      cwd: this.folder.path,
      env: { PATH: process.env['PATH'], APP_ROOT_PATH: this.folder.path },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#children.add(child);
    return child;
  }

  async ended(child: ChildProcess): Promise<Exit> {
    const closed = once(child, 'close') as Promise<[number | null, string | null]>;
    const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
    const [code, signal] = await closed;
    return { code, signal, stdout, stderr };
  }

  call(...args: string[]): Promise<Exit> {
    const child = this.start(args);
    child.stdin!.end();
    return this.ended(child);
  }

  /** Groups and events of the sample, in the store. */
  async fill(): Promise<void> {
    sample ??= await sampleStore(this);
    mkdirSync(this.data('run'), { recursive: true });
    writeFileSync(this.data('run/mentat-reporter.db'), sample);
  }

  /** The arguments of a scheduled run over two days of the sample. */
  regular(...more: string[]): string[] {
    return ['--regular', ...WINDOW, ...more];
  }

  runlogs(): Runlog[] {
    const folder = this.data('run/mentat-reporter');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith('.runlog'))
      .sort()
      .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Runlog);
  }

  /** What is true in the store: the lanes with the end of their last window, the reports by lane, and the mails. */
  async truth(): Promise<{
    lanes: Map<string, number>;
    reports: string[];
    pending: number;
    mails: OutboxRow[];
  }> {
    const store = openEmbeddedStore(this.data('run/mentat-reporter.db'), { readOnly: true });
    try {
      const states = await store.lanes.statesByPrefix('live/');
      const reports = await store.reports.list();
      return {
        lanes: new Map(states.map(({ lane, to }) => [lane, to ?? 0])),
        reports: reports.map((r) => `${r.severity}/${r.group}/${r.type}/${r.source ?? ''}`).sort(),
        pending: (await store.lanes.pending()).length,
        mails: [...(await store.outbox.list())],
      };
    } finally {
      await store.close();
    }
  }

  remove(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    this.folder.remove();
  }
}

/** Sends the signal, and waits until the run logs that it was received. */
export async function askToEnd(child: ChildProcess, signal: 'SIGTERM' | 'SIGINT'): Promise<void> {
  const heard = new Promise<void>((resolve) => {
    child.stderr!.on('data', (line: Buffer) => {
      if (line.includes('stop requested')) resolve();
    });
  });
  child.kill(signal);
  await heard;
}

/** A mail server that tells of every message before it answers, so that something can be done in between. */
export class WatchedSmtp {
  /** Message-IDs with their recipients, of all messages that were answered for. */
  readonly taken: string[] = [];
  /** Done, and waited for, before a message is answered; its number counts from 1. */
  before: (number: number) => unknown = () => undefined;
  /** Leaves messages unanswered. */
  hold = false;
  #number = 0;
  readonly #server = new SMTPServer({
    disableReverseLookup: true,
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, done) => {
      void text(stream).then(async (message) => {
        await this.before(++this.#number);
        if (this.hold) return;
        const id = /^Message-ID: (.*)$/im.exec(message)?.[1] ?? '';
        this.taken.push(`${id.trim()} ${session.envelope.rcptTo.map((to) => to.address).join()}`);
        done();
      });
    },
  });

  async start(): Promise<string> {
    // A client that was killed breaks its line, which is no problem here.
    this.#server.on('error', () => undefined);
    const listening = this.#server.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    return `smtp://127.0.0.1:${(listening.address() as { port: number }).port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
