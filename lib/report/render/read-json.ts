import { readFileSync } from 'node:fs';
import { messageOf, UserError } from '../../model/user-error.ts';
import { atLine } from './text-problem.ts';

/**
 * What a JSON file of an operator's or a shipped one holds, unchecked.
 * @param what the error's first words: `event classes cannot be read`
 * @throws UserError with the file, and the line where it is no JSON
 */
export function readJson(path: string, what: string): unknown {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
    return JSON.parse(text);
  } catch (error) {
    const { message, line } = atLine(text, messageOf(error));
    throw new UserError({ what, where: `${path}${line}`, got: message }, { cause: error });
  }
}
