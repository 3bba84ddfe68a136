import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { completionScript } from '../../../../lib/app/help/completion.ts';
import { INTERVALS } from '../../../../lib/app/intervals.ts';
import { ACTION_NAMES } from '../../../../lib/app/actions/names.ts';
import { SEVERITIES } from '../../../../lib/model/severity.ts';
import { makeFolder, type Folder } from '../../../support/folder.ts';

describe('completion', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
    folder.write('folder/inner file.json', '{}');
    folder.write('file.json', '{}');
  });
  afterEach(() => folder.remove());

  const run = (shell: string, script: string) =>
    spawnSync(shell, [shell === 'bash' ? '--norc' : '-f', '-c', script], {
      encoding: 'utf8',
      cwd: folder.path,
      env: { PATH: process.env['PATH'] },
    });

  describe('of a real bash', () => {
    /** What bash offers for words as it splits a line into them; the last one is being typed. */
    const offered = (...words: string[]): string[] => {
      const line = ['mentat-reporter', ...words];
      const script = `${completionScript('bash')}
complete -p mentat-reporter >/dev/null || exit 1
COMP_WORDS=(${line.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${line.length - 1} COMP_LINE='${line.join(' ')}'
COMP_POINT=\${#COMP_LINE}
"$(complete -p mentat-reporter | sed -E 's/.* -F ([^ ]+) .*/\\1/')"
printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { status, stdout, stderr } = run('bash', script);
      assert.deepEqual([status, stderr], [0, '']);
      return stdout.split('\n').filter((word) => word !== '');
    };

    const cases: [string[], string[]][] = [
      [['--int'], ['--interval']],
      [['--regular', '--adj'], ['--adjust-thresholds']],
      [['--interval', ''], Object.keys(INTERVALS)],
      [
        ['--interval', '1'],
        ['10_minutes', '15_minutes', '12_hourly'],
      ],
      [['--interval', '=', ''], Object.keys(INTERVALS)],
      [['--interval', '='], Object.keys(INTERVALS)],
      [['--action', ''], [...ACTION_NAMES]],
      [['--action', 'plan'], ['plan-view']],
      [['--severity', ''], [...SEVERITIES]],
      [['--severity', 'low', '--severity', 'h'], ['high']],
      [
        ['--template-id', 'x', '--locale', 'cs', '--force-m'],
        ['--force-mode', '--force-max-attachment-size'],
      ],
      [['--input', 'fi'], ['file.json']],
      [['--events', 'folder/'], ['folder/inner file.json']],
      [['--dry-run', 'f'], ['folder']],
      [['--limit', ''], []],
      [['--user', 'roo'], ['root']],
    ];
    for (const [words, expected] of cases)
      it(`${words.join(' ')} becomes ${expected.join(', ') || 'nothing'}`, () =>
        assert.deepEqual(offered(...words), expected));

    it('offers every option', () => {
      const all = offered('');
      for (const option of [
        '--help',
        '-h',
        '--version',
        '--completion',
        '--template-id',
        '--mail-to',
        '--user',
      ])
        assert.ok(all.includes(option), option);
    });
  });

  it('of zsh is a script that zsh can read', function () {
    if (spawnSync('zsh', ['-c', 'true']).status !== 0) this.skip();
    const { status, stderr } = run(
      'zsh',
      `autoload -U compinit && compinit -D\n${completionScript('zsh')}\n[[ -n $_comps[mentat-reporter] ]]`,
    );
    assert.deepEqual([status, stderr], [0, '']);
  });
});
