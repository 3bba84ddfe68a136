import type { Log } from '../ports.ts';
import { formatCount } from '../../model/text/format.ts';
import { UserError } from '../../model/user-error.ts';
import { detectBinaryFormat, detectTextFormat, type InputFormat } from './input-format.ts';

/** Bytes by which the format of an input is recognised. */
const HEAD = 4096;
/** Unusable lines that are logged one by one. */
const MAX_NAMED = 20;

const NO_EVENT = 'the input has no usable event';

/** An input of JSON lines, with the messages about what cannot be used of it. */
export class EventInput {
  readonly #place: string;
  readonly #option: string;
  readonly #chunks: AsyncIterable<Uint8Array>;
  readonly #log: Log;
  readonly #head: Uint8Array;
  #problems = 0;

  private constructor(source: InputSource, chunks: AsyncIterable<Uint8Array>, head: Uint8Array) {
    this.#place = source.name;
    this.#option = source.option;
    this.#log = source.log;
    this.#chunks = chunks;
    this.#head = head;
  }

  /**
   * Reads the beginning of an input.
   * @throws UserError when it is empty, or in a format that holds no lines of text, with the command that converts it
   */
  static async open(source: InputSource): Promise<EventInput> {
    const iterator = source.bytes[Symbol.asyncIterator]();
    const chunks: Uint8Array[] = [];
    let size = 0;
    while (size < HEAD) {
      const next = await iterator.next();
      if (next.done === true) break;
      chunks.push(next.value);
      size += next.value.length;
    }
    const head = Buffer.concat(chunks).subarray(0, HEAD);
    const input = new EventInput(source, resume(chunks, iterator), head);
    const problem =
      size === 0
        ? input.#problem('the input is empty', 'does the command before the pipe succeed?')
        : input.#binary();
    if (problem === undefined) return input;
    await iterator.return?.();
    throw problem;
  }

  /** All bytes, from the first. To be read once. */
  get bytes(): AsyncIterable<Uint8Array> {
    return this.#chunks;
  }

  /** Logs a line that cannot be used: the first 20 as warnings. */
  reject(problem: UserError): void {
    if (++this.#problems <= MAX_NAMED) this.#log.warning(problem.message);
    else this.#log.debug(problem.message);
  }

  /**
   * Logs how many more lines cannot be used. Call it after the last line.
   * @param usable events that could be used
   * @returns the problem of an input without any
   */
  finish(usable: number): UserError | undefined {
    const more = this.#problems - MAX_NAMED;
    if (more > 0)
      this.#log.warning(`${formatCount(more, 'more line')} cannot be used; --log-level debug names them`);
    return usable > 0 ? undefined : this.#problem(NO_EVENT, this.#hint(detectTextFormat(this.#head)));
  }

  #binary(): UserError | undefined {
    const format = detectBinaryFormat(this.#head);
    return format === undefined ? undefined : this.#problem(NO_EVENT, this.#hint(format));
  }

  #problem(what: string, hint: string | undefined): UserError {
    return new UserError({
      what,
      where: this.#place,
      expected: 'IDEA0 events, one JSON object a line',
      hint,
    });
  }

  #hint(format: InputFormat | undefined): string | undefined {
    if (format === undefined) return undefined;
    const { name, command } = format;
    if (command === undefined) return `it looks like ${name}`;
    const source =
      this.#place === 'stdin' ? `… | ${command.replace(' FILE', '')}` : withFile(command, this.#place);
    return `it looks like ${name}: try ${source} | mentat-reporter … ${this.#option} -`;
  }
}

interface InputSource {
  /** `stdin`, or the path of a file. */
  readonly name: string;
  /** The option that names it. */
  readonly option: '--events' | '--input';
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly log: Log;
}

async function* resume(
  chunks: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
    yield* { [Symbol.asyncIterator]: () => iterator };
  } finally {
    await iterator.return?.();
  }
}

/** The command with a file as its input, quoted for a shell where needed. */
function withFile(command: string, path: string): string {
  const file = /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
  return command.includes('FILE') ? command.replace('FILE', file) : `${command} < ${file}`;
}
