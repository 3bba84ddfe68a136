import { statSync } from 'node:fs';
import { domainOf, readMailbox, readMailboxAt } from '../../mail/address.ts';
import { makesExtras, type Group } from '../../model/group/group.ts';
import { throwProblems } from '../../model/schema-problems.ts';
import { UserError, type Problem } from '../../model/user-error.ts';
import { placeOf } from '../layer.ts';
import type { CheckedSettings } from '../../report/render/renderer.ts';
import type { Configuration } from '../load.ts';
import { problemsOf } from './problems.ts';
import { optionOf, type KeyName } from '../keys/index.ts';
import { mailUriOf, reportOptionsOf } from '../options.ts';
import { parseShard } from '../../run/plan/shard.ts';

/** A problem of a configured value, and whether the command line is to blame. */
export interface SetupProblem {
  readonly key: KeyName;
  readonly problem: Problem;
  readonly usage: boolean;
}

/**
 * What is wrong with values although each has the form of its key: addresses that are none, servers, templates and languages that do not
 * exist, folders that are files. Found before a run begins instead of in the middle of it.
 * @param groups the selected ones, where they are known: a forced template must have the parts that their modes need
 */
export async function setupProblems(
  configuration: Configuration,
  groups: readonly Group[] = [],
): Promise<SetupProblem[]> {
  const found: SetupProblem[] = [];
  const report = (name: KeyName, problems: readonly Problem[]): void => {
    const layer = configuration.origins.get(name);
    const place = layer === undefined ? name : placeOf(layer, name);
    for (const problem of problems) {
      const plain = [undefined, name, `--${optionOf(name) ?? name}`].includes(problem.where);
      const where = plain ? place : `${place}: ${problem.where}`;
      found.push({ key: name, problem: { ...problem, where }, usage: layer?.origin === 'command line' });
    }
  };
  const attempt = (name: KeyName, check: () => unknown): void => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      report(name, problemsOf(error));
    }
  };
  const { config } = configuration;
  attempt('shard', () => {
    if (config.shard !== undefined) parseShard(config.shard);
  });
  for (const [name, problem] of addressProblems(config)) report(name, [problem]);
  for (const name of ['dry_run', 'reports_dir', 'templates_dir'] as const) {
    const path = config[name];
    if (path !== undefined && isFile(path)) report(name, [{ what: 'is no folder', got: path }]);
  }
  await mailProblem(configuration, attempt);
  await renderingProblems(configuration, groups, attempt);
  return found;
}

/** @throws UserErrors: of usage when all problems are on the command line */
export async function validateSetup(
  configuration: Configuration,
  groups: readonly Group[] = [],
): Promise<void> {
  const found = await setupProblems(configuration, groups);
  throwProblems(
    found.map(({ problem }) => problem),
    { usage: found.every(({ usage }) => usage) },
  );
}

type Attempt = (name: KeyName, check: () => unknown) => void;

/** Values of address keys that are no addresses. */
function addressProblems(config: Configuration['config']): [KeyName, Problem][] {
  const problem = (got: string): Problem => ({
    what: 'no mail address',
    got,
    expected: 'name@example.org or Name <name@example.org>',
  });
  const found: [KeyName, Problem][] = [];
  for (const name of ['mail_from', 'mail_return_path'] as const) {
    const text = config[name];
    if (text !== undefined && readMailbox(text) === undefined) found.push([name, problem(text)]);
  }
  const domain = domainOf(readMailbox(config.mail_from)?.address ?? '@localhost');
  for (const name of ['mail_to', 'mail_cc', 'mail_bcc', 'mail_reply_to', 'mail_admin'] as const) {
    for (const text of config[name] ?? [])
      if (readMailboxAt(text, domain) === undefined) found.push([name, problem(text)]);
  }
  return found;
}

async function mailProblem(configuration: Configuration, attempt: Attempt): Promise<void> {
  const mailUri = mailUriOf(configuration);
  if (configuration.config.dry_run !== undefined) return;
  const { openTransport } = await import('../../mail/open-transport.ts');
  attempt('mail', () => {
    openTransport(mailUri);
    const folder = /^spool:(.*)$/is.exec(mailUri)?.[1];
    if (folder !== undefined && isFile(folder)) throw new UserError({ what: 'is no folder', got: folder });
  });
}

/**
 * Senders of mails that leave the machine by SMTP at a domain that only the machine itself knows. A run sends them all the same: a relay may
 * rewrite them.
 */
export function senderProblems(configuration: Configuration): Problem[] {
  if (!/^smtps?:/i.test(mailUriOf(configuration))) return [];
  return (['mail_from', 'mail_return_path'] as const).flatMap((name) => {
    const got = configuration.config[name];
    const address = readMailbox(got ?? '')?.address;
    if (address === undefined || !LOCAL_DOMAIN.test(domainOf(address))) return [];
    const layer = configuration.origins.get(name);
    const where = layer === undefined ? name : placeOf(layer, name);
    const expected = 'an address at a domain of yours';
    const hint = 'bounces and answers would reach nobody, and servers refuse such senders';
    return [{ what: 'the sender is at this machine', where, got, expected, hint }];
  });
}

/** Names without a top level, and those that are reserved for local use (RFC 6761, RFC 6762). */
const LOCAL_DOMAIN = /^[^.]+$|\.(?:localhost|local|localdomain|invalid)$/;

/** Templates, languages and texts that a run names itself; those of the groups are the groups' problems. */
async function renderingProblems(
  configuration: Configuration,
  groups: readonly Group[],
  attempt: Attempt,
): Promise<void> {
  const { force_template: template, force_locale: locale, force_mode: forced } = configuration.config;
  if (template === undefined && locale === undefined) return;
  const { createRenderer } = await import('../../report/render/renderer.ts');
  const { loadCatalogue } = await import('../../report/render/catalogue.ts');
  const renderer = createRenderer(reportOptionsOf(configuration), loadCatalogue());
  const mode = forced ?? (groups.some(({ settings }) => makesExtras(settings.mode)) ? 'both' : 'summary');
  const usual: CheckedSettings = { template: 'default', locale: 'en', timezone: 'UTC', defang: 'urls', mode };
  if (template !== undefined) attempt('force_template', () => renderer.check({ ...usual, template }));
  if (locale !== undefined) attempt('force_locale', () => renderer.check({ ...usual, locale }));
}

/** True also below a file, of which the system says so in its own way. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR';
  }
}
