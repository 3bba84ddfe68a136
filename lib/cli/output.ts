import { messageOf, printable, UserError } from '../model/user-error.ts';
import type { Colors } from '../system/colors.ts';
import type { Sink } from '../system/io.ts';

/** What a run or an action prints on stdout: for people, or one JSON object a line. */
export interface Output {
  readonly json: boolean;
  readonly colors: Colors;
  /** A line for people, safe for a terminal: see {@link cell}. */
  line(text: string): void;
  table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): Promise<void>;
  /** A heading and any JSON value below it; `notes` follow its topmost keys. */
  tree(heading: string, value: unknown, notes?: ReadonlyMap<string, string>): Promise<void>;
  /** A line for programs. */
  object(value: unknown): void;
  /** A finished HTML page. */
  page(html: string): void;
}

/** @param form `none` prints nothing at all */
export function createOutput(
  stdout: Pick<Sink, 'write'>,
  form: 'text' | 'json' | 'html' | 'none',
  colors: Colors,
): Output {
  const line = (text: string): void => {
    if (form === 'text') stdout.write(`${text}\n`);
  };
  return {
    json: form === 'json',
    colors,
    line,
    async table(head, rows) {
      if (form !== 'text') return;
      const { tableLines } = await import('./table.ts');
      for (const row of tableLines(head, rows, (title) => colors.bold(title))) line(row);
    },
    async tree(heading, value, notes) {
      if (form !== 'text') return;
      const { treeLines } = await import('./tree.ts');
      line(colors.bold(cell(heading)));
      for (const branch of await treeLines(value, colors, notes)) line(branch);
    },
    object(value) {
      if (form === 'json') stdout.write(`${JSON.stringify(value)}\n`);
    },
    page(html) {
      if (form === 'html') stdout.write(html);
    },
  };
}

/** A text from outside, made safe for a line of output. */
export function cell(text: string): string {
  return printable(text);
}

/**
 * Lets the program continue when its output cannot be written. A closed pipe (`… | head -1`) is no error.
 * @returns a function that waits until everything is written, and returns the error that prevented it
 */
export function guardOutput(stream: Sink): () => Promise<UserError | undefined> {
  let problem: NodeJS.ErrnoException | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    problem ??= error;
  });
  return async () => {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
    if (problem === undefined || problem.code === 'EPIPE') return undefined;
    return new UserError({ what: 'output cannot be written', hint: messageOf(problem) }, { cause: problem });
  };
}
