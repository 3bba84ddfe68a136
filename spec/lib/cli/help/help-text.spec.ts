import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ACTION_NAMES } from '../../../../lib/config/keys/action-names.ts';
import { entriesOf } from '../../../../lib/cli/help/entries.ts';
import { helpText } from '../../../../lib/cli/help/help-text.ts';
import { INTERVALS } from '../../../../lib/config/intervals.ts';
import { KEY_NAMES, KEYS, optionOf } from '../../../../lib/config/keys/index.ts';
import { SECTIONS } from '../../../../lib/config/keys/key.ts';

const lines = helpText().split('\n');

/** The lines below a heading, up to the next one. */
function part(heading: string): string[] {
  const start = lines.indexOf(heading) + 1;
  assert.ok(start > 0, heading);
  return lines.slice(start, lines.indexOf('', start));
}

describe('the help', () => {
  it('fits 80 columns, and ends no line with a blank', () => {
    assert.deepEqual(
      lines.filter((line) => line.length > 80 || /\s$/.test(line)),
      [],
    );
  });

  it('has the groups of the reference, in its order, and ours last', () => {
    assert.deepEqual(
      lines.filter((line) => SECTIONS.some((section) => section === line)),
      [...SECTIONS],
    );
  });

  it('begins every option with its name in the third column, and its text in one column', () => {
    for (const section of SECTIONS) {
      for (const line of part(section))
        assert.match(line, /^ {2}-.{0,25} {2,}\S|^ {2}--\S+.{0,77}$|^ {31}\S/, JSON.stringify(line));
    }
  });

  it('tells every option, with its default and its few values, in its group', () => {
    for (const section of SECTIONS) {
      const told = part(section).join(' ').replace(/\s+/g, ' ');
      for (const { switches, otherwise, choices = [], about } of entriesOf(section)) {
        assert.ok(told.includes(`${switches.join(', ')} `), switches.join());
        assert.ok(told.includes(about), about);
        if (otherwise !== undefined) assert.ok(told.includes(`default: ${otherwise}]`), otherwise);
        if (choices.length <= 5) assert.ok(told.includes(choices.join(', ')), choices.join());
      }
    }
  });

  it('leaves out no key that has an option', () => {
    const told = SECTIONS.flatMap(entriesOf).flatMap(({ switches }) => switches);
    for (const name of KEY_NAMES) {
      const option = optionOf(name);
      for (const word of option === undefined ? [] : [option, ...(KEYS[name].aliases ?? [])])
        assert.ok(told.includes(`--${word}`), word);
    }
  });

  it('lists actions, commands and intervals', () => {
    for (const name of ACTION_NAMES)
      assert.ok(
        part('Actions').some((line) => line.startsWith(`  ${name} `)),
        name,
      );
    assert.match(part('Commands').join(), /^ {2}report /);
    for (const name of Object.keys(INTERVALS))
      assert.match(part('Intervals').join(' '), new RegExp(`\\b${name}\\b`));
  });

  it('says that options are not abbreviated, and how a flag of a file is unset', () => {
    assert.match(part('Configuration').join(' '), /not\s+abbreviated.*MENTAT_REPORTER_REGULAR=false/s);
  });
});
