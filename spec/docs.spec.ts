import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'mocha';
import { parseCommandLine } from '../lib/cli/command-line.ts';
import { shipped } from '../lib/config/locations.ts';
import { compileFilter } from '../lib/filter/index.ts';
import { parseGroup } from '../lib/model/group/group-schema.ts';
import { openTransport } from '../lib/mail/open-transport.ts';

const ROOT = shipped('.');
const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
  'conf/README.md',
];
const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8');
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
const anchorsIn = (page: string): Set<string> =>
  new Set([...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!)));
/** Code blocks with their language. */
const blocksIn = (page: string): [language: string, code: string][] =>
  [...textOf(page).matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, code]) => [language!, code!]);

/** Calls of the program in code blocks, and in backticks. */
function callsIn(page: string): string[] {
  const lines = blocksIn(page).flatMap(([language, code]) => (language === '' ? code.split('\n') : []));
  const inline = [...textOf(page).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
  return [...lines, ...inline]
    .map((line) => /(?:^|\| |\(|\$\()(?:bin\/)?mentat-reporter( [^|>#)]*|$)/.exec(line)?.[1])
    .filter((args) => args !== undefined && !/^ ?\S*\.tgz|^@/.test(args))
    .map((args) => args!.trim());
}

/** Words of a shell command, quotes taken off; the samples have no more of a shell's language. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3]!);

describe('the documents', () => {
  for (const page of PAGES) {
    it(`${page}: every link leads somewhere`, () => {
      const broken = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, link]) => link!)
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => {
          const [path, anchor] = link.split('#');
          const target = path === '' ? page : relative('.', join(dirname(page), path!));
          if (!existsSync(join(ROOT, target))) return true;
          return anchor !== undefined && anchor !== '' && !anchorsIn(target).has(anchor);
        });
      assert.deepEqual(broken, []);
    });

    it(`${page}: every path of the repository is there`, () => {
      const paths = [
        ...textOf(page).matchAll(/`((?:lib|stages|spec|bench|docs|bin|templates|locales|conf)\/[\w./-]*)`/g),
      ];
      const missing = paths.map(([, path]) => path!).filter((path) => !existsSync(join(ROOT, path)));
      assert.deepEqual(missing, []);
    });

    it(`${page}: every call of the program is one that it understands`, () => {
      for (const call of callsIn(page)) assert.doesNotThrow(() => parseCommandLine(wordsOf(call)), call);
    });

    it(`${page}: every script of the package is one that there is`, () => {
      const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
      const names = [...textOf(page).matchAll(/npm run ([a-z]+)/g)].map(([, name]) => name!);
      assert.deepEqual(
        names.filter((name) => scripts[name] === undefined),
        [],
      );
    });
  }

  it('name calls, links and paths at all', () => {
    assert.ok(PAGES.flatMap(callsIn).length > 20);
    assert.ok(PAGES.includes('README.md') && PAGES.includes('docs/operate.md'));
  });

  it('ARCHITECTURE.md has every room of lib, and README.md every stage', () => {
    const rooms = readdirSync(join(ROOT, 'lib'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    for (const { name } of rooms) assert.ok(textOf('ARCHITECTURE.md').includes(`\`lib/${name}/\``), name);
    const helpers = new Set(['item.ts', 'lane-outcome.ts']);
    for (const name of readdirSync(join(ROOT, 'stages')))
      if (!helpers.has(name)) assert.ok(textOf('README.md').includes(`stages/${name}`), name);
  });

  it('README.md fits on two screens', () => {
    assert.ok(textOf('README.md').split('\n').length <= 100);
  });

  it('examples of groups and filter tests are right', () => {
    const examples = blocksIn('docs/configure.md').filter(([language]) => language === 'json');
    assert.equal(examples.length, 2);
    const group = parseGroup(JSON.parse(examples[0]![1]), 'docs/configure.md', () => '');
    for (const { expression } of group.filters) assert.doesNotThrow(() => compileFilter(expression));
    const test = JSON.parse(examples[1]![1]) as { filter: string; expect: boolean };
    assert.equal(test.expect, true);
    assert.doesNotThrow(() => compileFilter(test.filter));
  });

  it('every address of a mail server in docs/mail.md names a transport', () => {
    const addresses = [...textOf('docs/mail.md').matchAll(/\| `((?:smtps?|sendmail|spool):[^`]*)`/g)];
    assert.ok(addresses.length >= 6);
    for (const [, address] of addresses) assert.doesNotThrow(() => openTransport(address!), address);
  });
});
