import { readMailbox } from '../../mail/address.ts';
import type { Group } from '../../model/group/group.ts';
import { describeProblem, printable, UserError, type Problem } from '../../model/user-error.ts';
import { loadCatalogue, type Catalogue } from '../../report/render/catalogue.ts';
import { createPages } from '../../report/page/pages.ts';
import { createRenderer, type Renderer } from '../../report/render/renderer.ts';
import { placeOf } from '../../config/layer.ts';
import type { Configuration } from '../../config/load.ts';
import { problemsIn, problemsOf } from '../../config/check/problems.ts';
import { formatCount } from '../../model/text/format.ts';
import { groupBy } from '../../model/group-by.ts';
import { folderProblems, metricsProblems } from '../../config/check/folder-problems.ts';
import { applyForced } from '../../run/plan/forced-settings.ts';
import {
  filterWarnings,
  groupProblems,
  recipientProblems,
  xarfModeProblems,
} from '../../config/groups/group-problems.ts';
import { loadGroups, type LoadedGroups } from '../../config/groups/groups.ts';
import { forcedSettingsOf, mailOptions, reportOptionsOf } from '../../config/options.ts';
import { cell } from '../output.ts';
import { senderProblems, setupProblems } from '../../config/check/setup-problems.ts';
import { xarfProblems } from '../../config/check/xarf-problems.ts';
import type { Action, ActionContext } from './action.ts';

/**
 * Checks what a run will use, without a run: every value of the configuration, folders, groups, filters, templates and locales. Every
 * problem is a line with its place, and none hides others. The store is read for its groups only. Changes nothing.
 */
export const configCheck: Action = async (context) => {
  const { configuration, output, log } = context;
  const lines: string[] = [...configuration.notes];
  const add = (problems: readonly Problem[]): number => lines.push(...problems.map(describeProblem));
  add(configuration.problems);
  const forced = forcedSettingsOf(configuration.config);
  const { groups, problems, place } = await groupsOf(context);
  const reached = groups.map((group) => applyForced(group, forced));
  const setup = await setupProblems(configuration, reached);
  add(senderProblems(configuration));
  add(setup.map(({ problem }) => problem));
  add(variableProblems(configuration));
  add(folderProblems(configuration));
  add(problems.flatMap(problemsOf));
  const report = reportOptionsOf(configuration);
  let catalogue: Catalogue | undefined;
  add(problemsIn(() => (catalogue = loadCatalogue(report.eventClasses))));
  let renderer: Renderer | undefined;
  add(problemsIn(() => (renderer = createRenderer(report, catalogue ?? loadCatalogue()))));
  const remarks = new Set<string>();
  add(problemsIn(() => createPages(report, catalogue ?? loadCatalogue()).check()));
  add(xarfProblems(report, reached));
  // Invalid forced settings were added above once for all groups, and must not hide problems of single groups.
  const invalid = new Set(setup.map(({ key }) => key));
  const sound = {
    ...forced,
    template: invalid.has('force_template') ? 'default' : forced.template,
    locale: invalid.has('force_locale') ? 'en' : forced.locale,
  };
  const rendering: { readonly group: Group; readonly line: string }[] = [];
  for (const group of groups) {
    const broken = groupProblems(group, place);
    add(broken);
    for (const line of filterWarnings(group)) log.warning(line);
    if (broken.length === 0)
      add(recipientProblems(applyForced(group, sound), place, mailOptions(configuration.config)));
    const found = problemsIn(() =>
      renderer?.check(applyForced(group, sound).settings).forEach((line) => remarks.add(line)),
    );
    rendering.push(...found.map((problem) => ({ group, line: describeProblem(problem) })));
  }
  // Groups share templates: a problem of a template is listed once.
  const shared = groupBy(
    rendering,
    ({ line }) => line,
    ({ group }) => JSON.stringify(group.name),
  );
  for (const [line, [first, ...more]] of shared) {
    const others = more.length === 0 ? '' : ` and ${formatCount(more.length, 'more group')}`;
    lines.push(`${printable(place)}, group ${printable(first!)}${others}: ${line}`);
  }
  const idle = [
    ...metricsProblems(configuration),
    ...reached.flatMap((group) => xarfModeProblems(group, place)),
  ];
  for (const line of [...remarks, ...idle.map(describeProblem)]) log.warning(line);
  for (const problem of lines) {
    output.object({ problem });
    output.line(cell(problem));
  }
  output.object({ ok: lines.length === 0, groups: groups.length, problems: lines.length });
  output.line(
    `${formatCount(groups.length, 'group')} from ${cell(place)}: ${lines.length === 0 ? 'no problems' : formatCount(lines.length, 'problem')}`,
  );
  return lines.length === 0;
};

/** The groups, or none and why. */
async function groupsOf({ configuration: { config }, store: open }: ActionContext): Promise<LoadedGroups> {
  try {
    return await loadGroups(config, open);
  } catch (error) {
    if (error instanceof UserError) return { groups: [], problems: [error], place: 'nowhere' };
    throw error;
  }
}

/** Variables of templates have to be what a line of text can hold; of those with a known meaning, what they say they are. */
function variableProblems({ config, origins }: Configuration): Problem[] {
  const layer = origins.get('template_vars');
  const place = layer === undefined ? '' : placeOf(layer, 'template_vars');
  return Object.entries(config.template_vars).flatMap(([name, got]) => {
    const where = `${place}: ${name}`;
    if (typeof got !== 'string' && typeof got !== 'number')
      return [{ what: 'wrong value', where, got, expected: 'a text' }];
    if (name.endsWith('_email') && readMailbox(String(got)) === undefined)
      return [{ what: 'no mail address', where, got, expected: 'name@example.org' }];
    if (name.endsWith('_url') && !/^https?:\/\/\S+$/.test(String(got)))
      return [{ what: 'no address of a page', where, got, expected: 'https://…' }];
    return [];
  });
}
