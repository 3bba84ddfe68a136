import cliui from 'cliui';
import { ACTION_LINES } from '../../config/keys/action-names.ts';
import { SECTIONS } from '../../config/keys/key.ts';
import { entriesOf, type OptionEntry } from './entries.ts';
import {
  COMMANDS,
  EXAMPLES,
  EXIT_CODES,
  INTERVAL_NAMES,
  INTERVALS_ABOUT,
  OPTIONS_ABOUT,
  PROGRAM,
  SUMMARY,
  TIMES_ABOUT,
} from './texts.ts';

/** Columns that every terminal has. */
const WIDTH = 80;
/** Where the texts of options begin; an option that is longer stands on a line of its own. */
const TEXT_COLUMN = 31;
/** As many values stand beside their option; longer lists have a place of their own below. */
const FEW = 5;

/** The help, 80 columns wide. */
export function helpText(): string {
  const ui = cliui({ width: WIDTH });
  const line = (text: string, indent = 0): void => {
    ui.div({ text, width: WIDTH, padding: [0, 0, 0, indent] });
  };
  const pair = (left: string, right: string, column: number): void => {
    const text = { text: right, width: WIDTH - column };
    if (left.length > column - 4) {
      line(left, 2);
      ui.div({ text: '', width: column }, text);
    } else ui.div({ text: left, width: column, padding: [0, 2, 0, 2] }, text);
  };
  const heading = (text: string): void => {
    line('');
    line(text);
  };
  const pairs = (list: readonly (readonly [string, string])[]): void => {
    const column = Math.max(...list.map(([left]) => left.length)) + 4;
    for (const [left, right] of list) pair(left, right, column);
  };

  line(`Usage: ${PROGRAM} [options]`);
  heading(SUMMARY);
  for (const section of SECTIONS) {
    heading(section);
    for (const entry of entriesOf(section)) pair(switchText(entry), aboutText(entry), TEXT_COLUMN);
  }
  heading('Actions');
  pairs(Object.entries(ACTION_LINES));
  heading('Commands');
  pairs(COMMANDS);
  heading('Intervals');
  line(INTERVAL_NAMES, 2);
  line(INTERVALS_ABOUT, 2);
  heading('Times');
  line(TIMES_ABOUT, 2);
  heading('Configuration');
  line(OPTIONS_ABOUT, 2);
  heading('Examples');
  for (const [call, about] of EXAMPLES) {
    line(`${PROGRAM} ${call}`, 2);
    line(about, 6);
  }
  heading('Exit codes');
  pairs(EXIT_CODES);
  return ui.toString().replace(/[^\S\n]+$/gm, '');
}

function switchText({ switches, takes }: OptionEntry): string {
  return takes === undefined ? switches.join(', ') : `${switches.join(', ')} ${takes}`;
}

function aboutText({ about, choices, otherwise }: OptionEntry): string {
  const facts: string[] = [];
  if (choices !== undefined && choices.length <= FEW) facts.push(choices.join(', '));
  if (otherwise !== undefined) facts.push(`default: ${otherwise}`);
  return facts.length === 0 ? about : `${about} [${facts.join('; ')}]`;
}
