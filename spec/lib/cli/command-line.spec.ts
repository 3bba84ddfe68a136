import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseCommandLine } from '../../../lib/cli/command-line.ts';
import { UserError } from '../../../lib/model/user-error.ts';

describe('the command line', () => {
  // Arguments, and the values they stand for.
  const accepted: [string, string[], Record<string, unknown>][] = [
    ['nothing', [], {}],
    ['a flag', ['--regular'], { regular: true }],
    ['a flag that excludes another', ['--quiet'], { quiet: true }],
    ['a value after a blank', ['--interval', 'hourly'], { interval: 'hourly' }],
    ['a value after =', ['--interval=hourly'], { interval: 'hourly' }],
    ['a value that is empty', ['--config-file', ''], { config_file: '' }],
    ['a value that is empty after =', ['--config-file='], { config_file: '' }],
    ['a negative time', ['--time-high', '-86400.5'], { time_high: '-86400.5' }],
    ['a dash for stdin', ['--events', '-'], { events: '-' }],
    ['a number', ['--limit', '3'], { limit: 3 }],
    ['a number that is none', ['--limit', '0x10'], { limit: '0x10' }],
    ['of a value given twice the last', ['--name', 'a', '--name', 'b'], { name: 'b' }],
    ['all of a list', ['--mail-to', 'a@x', '--mail-to', 'b@x'], { mail_to: ['a@x', 'b@x'] }],
    ['a list of one', ['--severity', 'low'], { severity: ['low'] }],
    ['a counter', ['--verbose', '--verbose'], { verbosity: 2 }],
    ['an alias', ['--template-id', 'x', '--locale', 'cs'], { force_template: 'x', force_locale: 'cs' }],
    [
      'of an option and its alias the last',
      ['--force-template', 'x', '--template-id', 'y'],
      { force_template: 'y' },
    ],
    [
      'of an alias and its option the last',
      ['--template-id', 'y', '--force-template', 'x'],
      { force_template: 'x' },
    ],
    ['a value that looks like a number, as text', ['--name', '007'], { name: '007' }],
  ];
  for (const [what, args, values] of accepted) {
    it(`takes ${what}`, () => assert.deepEqual(parseCommandLine(args).values, values));
  }

  const refused: [string, string[], RegExp][] = [
    ['an unknown option', ['--nonsense-indeed'], /unknown option --nonsense-indeed \(see --help\)/],
    [
      'a mistyped option, naming the right one',
      ['--regulr'],
      /unknown option --regulr \(did you mean --regular\?\)/,
    ],
    ['an abbreviation', ['--regul'], /unknown option --regul/],
    ['a negated flag', ['--no-regular'], /unknown option --no-regular/],
    ['a missing value', ['--interval'], /interval/],
    ['a value for a flag', ['--regular=false'], /--regular takes no value/],
    ['a word after a flag', ['--regular', 'true'], /--regular takes no value/],
    ['an argument', ['report'], /report/],
    ['an argument after --', ['--', 'report'], /superfluous argument "report"/],
    ['an unknown letter', ['-x'], /x/],
    ['an option with one dash', ['-regular'], /Unknown arguments/],
    ['both modes', ['--regular', '--shell'], /exclude each other/],
    ['quiet and verbose', ['--quiet', '--verbose'], /exclude each other/],
    ['a name of every object', ['--__proto__', 'x'], /unknown option --__proto__/],
  ];
  for (const [what, args, line] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => parseCommandLine(args),
        (error) =>
          error instanceof UserError &&
          error.usage &&
          line.test(error.message) &&
          !error.message.includes('\n'),
      );
    });
  }

  it('asks for help and version', () => {
    assert.equal(parseCommandLine(['-h']).help, true);
    assert.equal(parseCommandLine(['--version']).version, true);
  });
});
