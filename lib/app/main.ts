import { messageOf, printable, UserError } from '../model/user-error.ts';
import { helpText, parseCommandLine } from './config/command-line.ts';
import { processIo, type Io } from './io.ts';
import { surviveClosedPipe } from './output.ts';
import { readVersion } from './version.ts';

/**
 * The program. Never rejects and never ends the process: what was written is flushed before it ends by itself.
 * @param args the command line without the program
 * @returns the exit code: 0 everything asked for was done, 1 something failed, 2 wrong usage
 */
export async function main(args: readonly string[], io: Io = processIo()): Promise<0 | 1 | 2> {
  surviveClosedPipe(io.stdout);
  surviveClosedPipe(io.stderr);
  try {
    // --help and --version load nothing more than the command line needs.
    const line = parseCommandLine(args);
    if (line.help) {
      io.stdout.write(`${await helpText()}\n`);
      return 0;
    }
    if (line.version) {
      io.stdout.write(`mentat-reporter ${readVersion()}\n`);
      return 0;
    }
    const { runCommand } = await import('./command.ts');
    return (await runCommand(line, io)) ? 0 : 1;
  } catch (error) {
    io.stderr.write(`${describeEnd(error, args.includes('--debug'))}\n`);
    return error instanceof UserError && error.usage ? 2 : 1;
  }
}

/** What is said about an error that ends the program: its lines, and its stack where that was asked for. */
function describeEnd(error: unknown, debug: boolean): string {
  const lines = messageOf(error).split('\n').map(printable);
  const stack = debug && error instanceof Error ? `\n${error.stack ?? ''}` : '';
  if (error instanceof UserError)
    return `${lines.map((line) => `mentat-reporter: ${line}`).join('\n')}${stack}`;
  const hint = debug ? '' : ' (this is a fault of the program: --debug shows where)';
  return `mentat-reporter: ${lines.join(' ')}${hint}${stack}`;
}
