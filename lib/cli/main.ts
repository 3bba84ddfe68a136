import { messageOf, printable, UserError } from '../model/user-error.ts';
import { parseCommandLine } from './command-line.ts';
import { processIo, type Io } from '../system/io.ts';
import { maskText } from '../model/text/mask.ts';
import { guardOutput } from './output.ts';
import { stopOnSignals } from '../system/stop.ts';
import { readVersion } from './version.ts';

/**
 * The program. Never rejects, and ends the process itself only after an uncaught error, so that all output is flushed.
 * @param args the command line without the program
 * @returns the exit code: 0 everything asked for was done, 1 something failed, 2 wrong usage
 */
export async function main(args: readonly string[], io: Io = processIo()): Promise<0 | 1 | 2> {
  const written = guardOutput(io.stdout);
  guardOutput(io.stderr);
  const debug = args.includes('--debug');
  const trace = debug ? (await import('../observe/trace.ts')).traceTo(io, debug) : () => undefined;
  trace(`arguments ${JSON.stringify(args)}`);
  const printError = (error: unknown): void => {
    io.stderr.write(`${describeEnd(error, debug)}\n`);
  };
  const unregister = io.onCrash((error) => {
    printError(error);
    io.end(1);
  });
  let code: 0 | 1 | 2;
  try {
    code = (await perform(args, io)) ? 0 : 1;
  } catch (error) {
    printError(error);
    code = error instanceof UserError && error.usage ? 2 : 1;
  }
  trace(`exit code ${code}`);
  const problem = await written();
  unregister();
  if (problem === undefined) return code;
  printError(problem);
  return code === 0 ? 1 : code;
}

async function perform(args: readonly string[], io: Io): Promise<boolean> {
  // --help and --version load nothing more than the command line needs.
  const line = parseCommandLine(args);
  if (line.help) {
    const { helpText } = await import('./help/help-text.ts');
    io.stdout.write(`${helpText()}\n`);
  } else if (line.completion !== undefined) {
    const { completionScript } = await import('./help/completion.ts');
    io.stdout.write(completionScript(line.completion));
  } else if (line.version) io.stdout.write(`mentat-reporter ${readVersion()}\n`);
  else {
    // Registered first, so that a run that is stopped while it loads still ends in order.
    const stop = stopOnSignals(io);
    try {
      const { runCommand } = await import('./command.ts');
      return await runCommand(line, args, io, stop);
    } finally {
      stop.dispose();
    }
  }
  return true;
}

/** The message of an error that ends the program, with its stack under --debug. */
function describeEnd(error: unknown, debug: boolean): string {
  const lines = maskText(messageOf(error)).split('\n').map(printable);
  const stack = debug && error instanceof Error ? `\n${maskText(error.stack ?? '')}` : '';
  if (error instanceof UserError)
    return `${lines.map((line) => `mentat-reporter: ${line}`).join('\n')}${stack}`;
  const hint = debug ? '' : ' (this is a problem of the program: --debug shows where)';
  return `mentat-reporter: ${lines.join(' ')}${hint}${stack}`;
}
