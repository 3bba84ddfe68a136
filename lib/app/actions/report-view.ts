import { UserError } from '../../model/user-error.ts';
import { cell } from '../output.ts';
import type { Action } from './action.ts';

/** One report by its label: the mail's text for people, the whole record for programs. */
export const reportView: Action = async ({ configuration: { config }, output, store: open }) => {
  const label = config.input;
  if (label === undefined) {
    throw new UserError(
      { what: 'no report named', where: '--input', expected: 'a label, see --action reports-list' },
      { usage: true },
    );
  }
  const record = await (await open()).reports.get(label);
  if (record === undefined)
    throw new UserError({ what: 'no report with this label', where: '--input', got: label });
  output.object(record);
  for (const line of record.message.replace(/\n$/, '').split('\n')) output.line(cell(line));
  return true;
};
