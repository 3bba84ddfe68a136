import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { completionScript } from '../../../../lib/cli/help/completion.ts';
import { INTERVALS } from '../../../../lib/config/intervals.ts';
import { ACTION_NAMES } from '../../../../lib/config/keys/action-names.ts';
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

  describe('of a real zsh', () => {
    beforeEach(function () {
      if (spawnSync('zsh', ['-f', '-c', 'zmodload zsh/zpty']).status !== 0) this.skip();
    });

    /** What a line has become once it was typed, with its tabulators, into a terminal of zsh's own. */
    const typed = (line: string): string => {
      folder.write('completion', completionScript('zsh'));
      const script = `
zmodload zsh/zpty
zpty shell 'TERM=dumb zsh -f -i'
zpty -w shell 'PS1= ; unsetopt beep; autoload -U compinit && compinit -D -u && . ./completion'
zpty -w shell 'mentat-reporter() { print -r -- "GOT<$*>" }'
zpty -w -n shell $'${JSON.stringify(line).slice(1, -1)}\\n'
zpty -r -m shell out '*GOT<[^$]*>*'
print -r -- "$out"
zpty -d shell`;
      const { status, stdout, stderr } = spawnSync('zsh', ['-f', '-c', script], {
        encoding: 'utf8',
        cwd: folder.path,
        env: { PATH: process.env['PATH'] },
        timeout: 30_000,
      });
      assert.equal(status, 0, stderr);
      return /GOT<([^$]*?)>/.exec(stdout)?.[1] ?? stdout;
    };

    const lines: [string, string][] = [
      ['mentat-reporter --inter\t10\t', '--interval=10_minutes'],
      ['mentat-reporter --action groups-im\t--inp\tfi\t', '--action groups-import --input=file.json'],
      ['mentat-reporter --severity hi\t --severity lo\t', '--severity high --severity low'],
      ['mentat-reporter --color=al\t', '--color=always'],
    ];
    for (const [line, words] of lines)
      it(`${JSON.stringify(line)} becomes ${words}`, () => assert.equal(typed(line).trim(), words));
  });
});
