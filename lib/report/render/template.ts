import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Mustache from 'mustache';
import { messageOf, UserError } from '../../model/user-error.ts';
import { atLine } from './text-problem.ts';

// Mustache templates out of files, the operator's before the shipped ones. A variable that nobody has set is a mistake, never a blank.

/** A name that can only ever be a file of the folder it is looked for in. */
const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const SUFFIX = '.mustache';
const TEXT = '.txt';

type Context = InstanceType<typeof Mustache.Context>;

class MissingVariable extends Error {}

/** Empty values are `null`, `''`, `false` or `[]`; `undefined` is a name that the view does not have. */
class StrictWriter extends Mustache.Writer {
  override escapedValue(...args: Parameters<InstanceType<typeof Mustache.Writer>['escapedValue']>): string {
    check(args[0], args[1]);
    return super.escapedValue(...args);
  }

  override unescapedValue(
    ...args: Parameters<InstanceType<typeof Mustache.Writer>['unescapedValue']>
  ): string {
    check(args[0], args[1]);
    return super.unescapedValue(...args);
  }

  override renderSection(...args: Parameters<InstanceType<typeof Mustache.Writer>['renderSection']>): string {
    check(args[0], args[1]);
    return super.renderSection(...args);
  }

  override renderInverted(
    ...args: Parameters<InstanceType<typeof Mustache.Writer>['renderInverted']>
  ): string {
    check(args[0], args[1]);
    return super.renderInverted(...args);
  }
}

function check(token: readonly string[], context: Context): void {
  const name = token[1]!;
  if (context.lookup(name) === undefined) throw new MissingVariable(name);
}

export class Templates {
  readonly #folders: readonly string[];
  readonly #texts = new Map<string, string>();
  readonly #writer = new StrictWriter();

  /** @param folders looked into in this order: the operator's, if there is one, and the shipped one last */
  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /**
   * Renders `<name>.mustache` and the partials it names. Throws a UserError that names the template when it is missing or invalid, or uses
   * a variable that is not in the view.
   * @param escape makes a value out of the view harmless where it is put
   */
  render(
    name: string,
    view: Readonly<Record<string, unknown>>,
    escape: (value: string) => string = (value) => value,
  ): string {
    const text = this.text(name);
    try {
      return this.#writer.render(text, view, (partial) => this.text(partial), {
        escape: (value: unknown) => escape(String(value)),
      });
    } catch (error) {
      if (error instanceof UserError) throw error;
      const where = this.#pathOf(name);
      if (error instanceof MissingVariable) {
        throw new UserError({
          what: 'template or one of its partials uses a variable that does not exist',
          where,
          got: error.message,
          hint: error.message.startsWith('vars.')
            ? 'template_vars of the configuration sets it'
            : 'conf/README.md lists what there is',
        });
      }
      throw new UserError(
        { what: 'template cannot be rendered', where, got: messageOf(error) },
        { cause: error },
      );
    }
  }

  /**
   * The HTML template that belongs to a text template. Undefined when there is none, or when the operator wrote the text, or a `.txt` part
   * of it, anew and not the HTML that says the same: the two parts of a mail must not contradict each other.
   */
  htmlFor(name: string): string | undefined {
    const html = htmlName(name);
    if (this.#find(html) === undefined) return undefined;
    const own = [...this.#used(name)].filter((used) => this.#isOwn(used) && used.endsWith(TEXT));
    return own.every((used) => this.#isOwn(htmlName(used))) ? html : undefined;
  }

  /** True of a template in a folder of the operator's. */
  #isOwn(name: string): boolean {
    return this.#find(name)?.startsWith(join(this.#folders.at(-1)!, '/')) === false;
  }

  /** The template and all partials that it and they name. */
  #used(name: string, seen = new Set<string>()): Set<string> {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const partial of partialsOf(this.#writer.parse(this.text(name)))) this.#used(partial, seen);
    return seen;
  }

  /** The text of a template. Throws a UserError when there is none of that name, or its tags do not fit together. */
  text(name: string): string {
    let text = this.#texts.get(name);
    if (text === undefined) {
      const path = this.#pathOf(name);
      try {
        text = readFileSync(path, 'utf8');
      } catch (error) {
        throw new UserError(
          { what: 'template cannot be read', where: path, got: messageOf(error) },
          { cause: error },
        );
      }
      this.#parse(text, path);
      this.#texts.set(name, text);
    }
    return text;
  }

  #parse(text: string, path: string): void {
    try {
      this.#writer.parse(text);
    } catch (error) {
      const { message, line } = atLine(text, messageOf(error));
      throw new UserError(
        { what: 'template is invalid', where: `${path}${line}`, got: message },
        { cause: error },
      );
    }
  }

  #pathOf(name: string): string {
    if (!SAFE_NAME.test(name)) {
      throw new UserError({
        what: 'template name is no file name',
        got: name,
        expected: 'letters, digits, dot, _ and -',
      });
    }
    const path = this.#find(name);
    if (path === undefined) {
      throw new UserError({
        what: 'no such template',
        got: name + SUFFIX,
        expected: `a file in ${this.#folders.join(' or ')}`,
      });
    }
    return path;
  }

  #find(name: string): string | undefined {
    return this.#folders
      .map((folder) => join(folder, name + SUFFIX))
      .find((candidate) => existsSync(candidate));
  }
}

function htmlName(name: string): string {
  return name.replace(/\.txt$/, '.html');
}

type Tokens = ReturnType<InstanceType<typeof Mustache.Writer>['parse']>;

/** Names of the partials in a parsed template: of each token the first member is its sort, the second its name, the fifth what it holds. */
function* partialsOf(tokens: Tokens): Generator<string> {
  for (const [sort, name, , , inner] of tokens) {
    if (sort === '>') yield name;
    if (Array.isArray(inner)) yield* partialsOf(inner);
  }
}
