import { appendFileSync } from 'node:fs';
import { inspect } from 'node:util';
import bunyan from 'bunyan';
import { messageOf, printable, UserError } from '../model/user-error.ts';
import type { Log, LogFields } from '../run/ports.ts';
import type { Colors } from '../system/colors.ts';
import { maskText } from '../model/text/mask.ts';

export const LOG_LEVELS = ['debug', 'info', 'warning', 'error', 'critical'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The names bunyan has for our levels. */
const BUNYAN_LEVELS = {
  debug: 'debug',
  info: 'info',
  warning: 'warn',
  error: 'error',
  critical: 'fatal',
} as const;
const NAMES = new Map<number, LogLevel>(LOG_LEVELS.map((level) => [bunyan[levelConstant(level)], level]));

export interface LogOptions {
  readonly name: string;
  /** Least level of the file, and of the console where that has none of its own. */
  readonly level: LogLevel;
  /** Least level of the console; undefined switches the console off. */
  readonly consoleLevel: LogLevel | undefined;
  /** Undefined: no file. */
  readonly file: string | undefined;
  readonly console: { write(text: string): unknown };
  readonly colors: Colors;
  /** Shows stacks on the console, too. */
  readonly debug?: boolean;
}

/**
 * A log to the console, readable, and to a file, as JSON lines. Time stamps are UTC. The file is opened by its name for every line, so it
 * may be renamed by a log rotation at any time and nothing is lost when the process dies.
 * @throws UserError when the file cannot be written
 */
export function openLog(options: LogOptions): Log {
  const streams: bunyan.Stream[] = [];
  const { file, consoleLevel } = options;
  if (consoleLevel !== undefined) {
    streams.push({
      type: 'raw',
      level: BUNYAN_LEVELS[higher(consoleLevel, options.level)],
      stream: consoleStream(options),
    });
  }
  if (file !== undefined) {
    append(file, '');
    streams.push({ type: 'raw', level: BUNYAN_LEVELS[options.level], stream: fileStream(file, options) });
  }
  const logger = bunyan.createLogger({ name: options.name, streams, src: false });
  const filed = bunyan.createLogger({
    name: options.name,
    streams: streams.slice(consoleLevel === undefined ? 0 : 1),
    serializers: { err: stackOf },
  });
  const method =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void =>
      logger[BUNYAN_LEVELS[level]](fields, '%s', message);
  return {
    debug: method('debug'),
    info: method('info'),
    warning: method('warning'),
    error: method('error'),
    critical: method('critical'),
    exception(message, error) {
      filed[error instanceof UserError ? 'debug' : 'error']({ err: error }, '%s', message);
      if (options.debug === true)
        options.console.write(`${stackOf(error).split('\n').map(printable).join('\n')}\n`);
    },
    fatal(error) {
      filed.fatal(error instanceof UserError ? {} : { err: error }, '%s', maskText(messageOf(error)));
    },
  };
}

/** An error with its stack and causes as text, credentials masked. */
function stackOf(error: unknown): string {
  return maskText(inspect(error));
}

function levelConstant(level: LogLevel): 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL' {
  return BUNYAN_LEVELS[level].toUpperCase() as 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';
}

function higher(a: LogLevel, b: LogLevel): LogLevel {
  return LOG_LEVELS.indexOf(a) > LOG_LEVELS.indexOf(b) ? a : b;
}

interface LogRecord {
  readonly time: Date;
  readonly level: number;
  readonly msg: string;
}

function consoleStream({ console, colors }: LogOptions): NodeJS.WritableStream {
  const paint: Readonly<Record<LogLevel, (text: string) => string>> = {
    debug: colors.dim,
    info: (text) => text,
    warning: colors.yellow,
    error: colors.red,
    critical: (text) => colors.bold(colors.red(text)),
  };
  return rawStream((record) => {
    const level = NAMES.get(record.level) ?? 'info';
    const stamp = record.time.toISOString().replace('T', ' ');
    console.write(`${stamp} ${paint[level](level.toUpperCase())}: ${printable(record.msg)}\n`);
  });
}

/** A file that cannot be written any more is named once on the console; the run goes on without it. */
function fileStream(file: string, { console }: LogOptions): NodeJS.WritableStream {
  let broken = false;
  return rawStream((record) => {
    try {
      // A medium that was full may have taken half of the line before.
      append(file, `${broken ? '\n' : ''}${JSON.stringify(record, bunyan.safeCycles())}\n`);
      broken = false;
    } catch (error) {
      if (!broken) console.write(`${messageOf(error)}\n`);
      broken = true;
    }
  });
}

/** Bunyan hands records to anything with a `write`; its types ask for a whole stream. */
function rawStream(write: (record: LogRecord) => void): NodeJS.WritableStream {
  return { write } as unknown as NodeJS.WritableStream;
}

function append(file: string, text: string): void {
  try {
    appendFileSync(file, text, { mode: 0o640 });
  } catch (cause) {
    throw new UserError(
      { what: 'cannot write the log file', where: file, hint: messageOf(cause) },
      { cause },
    );
  }
}
