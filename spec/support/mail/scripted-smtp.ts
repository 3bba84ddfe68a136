import { createServer, type Server, type Socket } from 'node:net';

/** What the server does at a step: answers with this text; or drops the line (`DROP`), or says nothing at all (empty). */
export type Act = string;

/** Steps of a session. `body`: 20 kB of the message have come; `dot`: the final dot has. */
export type Step =
  | 'greeting'
  | 'EHLO'
  | 'STARTTLS'
  | 'HELO'
  | 'AUTH'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'body'
  | 'dot'
  | 'RSET'
  | 'QUIT';

/** Acts by step; the n-th time a step comes its n-th act is played, then the last one again. */
export type Script = Partial<Record<Step, Act | readonly Act[]>>;

const USUAL: Readonly<Record<Step, Act>> = {
  greeting: '220 scripted.example ready',
  EHLO: '250-scripted.example\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES',
  STARTTLS: '502 5.5.1 not here',
  HELO: '250 scripted.example',
  AUTH: '235 2.7.0 welcome',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go on',
  body: '',
  dot: '250 2.0.0 taken',
  RSET: '250 2.0.0 forgotten',
  QUIT: '221 2.0.0 bye',
};
const BODY_SEEN = 20_000;

/** A mail server on loopback that does as it is told, line by line, and writes down what it heard. */
export class ScriptedSmtp {
  /** Command lines of all sessions. */
  readonly commands: string[] = [];
  /** Messages that came with their final dot, dots doubled as on the wire. */
  readonly messages: string[] = [];
  connections = 0;
  /** Called whenever it says nothing where an answer is due. */
  onSilence: () => void = () => undefined;
  readonly #script: Script;
  readonly #played = new Map<Step, number>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(script: Script) {
    this.#script = script;
    this.#server = createServer((socket) => {
      this.#serve(socket);
    });
  }

  static async start(script: Script = {}): Promise<ScriptedSmtp> {
    const scripted = new ScriptedSmtp(script);
    await new Promise<void>((resolve) => scripted.#server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  uri(credentials = ''): string {
    return `smtp://${credentials}127.0.0.1:${this.port}`;
  }

  heard(verb: string): string[] {
    return this.commands.filter((line) => line.toUpperCase().startsWith(verb));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #next(step: Step): Act {
    const written = this.#script[step] ?? USUAL[step];
    const acts = typeof written === 'string' ? [written] : written;
    return acts[Math.min(this.#played.get(step) ?? 0, acts.length - 1)] ?? USUAL[step];
  }

  /** False when that was the end of the line. */
  #act(step: Step, socket: Socket): boolean {
    const act = this.#next(step);
    this.#played.set(step, (this.#played.get(step) ?? 0) + 1);
    if (act === 'DROP') socket.destroy();
    else if (act !== '') socket.write(`${act}\r\n`);
    else if (step !== 'body') this.onSilence();
    return act !== 'DROP';
  }

  #serve(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    let pending = '';
    let body: Body | undefined;
    this.#act('greeting', socket);
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      pending += chunk;
      while (pending !== '') {
        if (body) {
          const rest = body.take(pending);
          pending = rest ?? '';
          if (body.size > BODY_SEEN && !body.seen) {
            body.seen = true;
            if (!this.#act('body', socket)) return;
          }
          if (rest === undefined) return;
          this.messages.push(body.text);
          body = undefined;
          if (!this.#act('dot', socket)) return;
          continue;
        }
        const end = pending.indexOf('\r\n');
        if (end < 0) return;
        const line = pending.slice(0, end);
        pending = pending.slice(end + 2);
        this.commands.push(line);
        const verb = line.split(/[ :]/)[0]!.toUpperCase() as Step;
        if (verb === 'DATA' && this.#next('DATA').startsWith('354')) body = new Body();
        if (!this.#act(verb, socket)) return;
        if (verb === 'QUIT') socket.end();
      }
    });
  }
}

/** A message on its way in, searched for its end without being copied for every chunk. */
class Body {
  size = 0;
  seen = false;
  readonly #chunks: string[] = [];
  #tail = '\r\n';

  /** What follows the final dot; undefined while that has not come. */
  take(chunk: string): string | undefined {
    const from = this.#tail.length;
    const end = (this.#tail + chunk).indexOf('\r\n.\r\n');
    const own = end < 0 ? chunk.length : end + 5 - from;
    this.#chunks.push(chunk.slice(0, own));
    this.size += own;
    this.#tail = (this.#tail + chunk).slice(-4);
    return end < 0 ? undefined : chunk.slice(own);
  }

  /** The message with its last line end, without the final dot. */
  get text(): string {
    return this.#chunks.join('').slice(0, -3);
  }
}
