import { compileFilter, formatWarning } from '../../filter/index.ts';
import { readMailbox } from '../../mail/address.ts';
import type { Group } from '../../model/group.ts';
import { describeFault, printable, UserError, type Fault } from '../../model/user-error.ts';
import { loadCatalogue, type Catalogue } from '../../report/catalogue.ts';
import { createPages } from '../../report/page/pages.ts';
import { createRenderer, type Renderer } from '../../report/renderer.ts';
import { placeOf } from '../config/layer.ts';
import type { Configuration } from '../config/load.ts';
import { faultsIn, faultsOf } from '../faults.ts';
import { counted } from '../figures.ts';
import { grouped } from '../grouped.ts';
import { folderFaults, metricsFaults } from '../folder-faults.ts';
import { withForced } from '../forced-settings.ts';
import { groupFaults, recipientFaults, xarfModeFaults } from '../group-faults.ts';
import { loadGroups, type LoadedGroups } from '../groups.ts';
import type { Log } from '../log.ts';
import { forcedSettingsOf, mailOptions, reportOptionsOf } from '../options.ts';
import { cell } from '../output.ts';
import { setupFaults } from '../setup-faults.ts';
import { xarfFaults } from '../xarf-faults.ts';
import type { Action, ActionContext } from './action.ts';

/**
 * Checks what a run will use, without a run: every value of the configuration, folders, groups, filters, templates and locales. Every
 * problem is a line with its place, and none keeps the others from being found. The store is looked at for its groups only. Changes nothing.
 */
export const configCheck: Action = async (context) => {
  const { configuration, output, log } = context;
  const problems: string[] = [...configuration.notes];
  const tell = (faults: readonly Fault[]): number => problems.push(...faults.map(describeFault));
  tell(configuration.faults);
  const forced = forcedSettingsOf(configuration.config);
  const { groups, faults, place } = await groupsOf(context);
  const reached = groups.map((group) => withForced(group, forced));
  const setup = await setupFaults(configuration, reached);
  tell(setup.map(({ fault }) => fault));
  tell(variableFaults(configuration));
  tell(folderFaults(configuration));
  tell(faults.flatMap(faultsOf));
  const report = reportOptionsOf(configuration);
  let catalogue: Catalogue | undefined;
  tell(faultsIn(() => (catalogue = loadCatalogue(report.eventClasses))));
  let renderer: Renderer | undefined;
  tell(faultsIn(() => (renderer = createRenderer(report, catalogue ?? loadCatalogue()))));
  const remarks = new Set<string>();
  tell(faultsIn(() => createPages(report, catalogue ?? loadCatalogue()).check()));
  tell(xarfFaults(report, reached));
  // What is forced and wrong was told above, once for all groups: it must not hide what is wrong in one of them.
  const told = new Set(setup.map(({ key }) => key));
  const sound = {
    ...forced,
    template: told.has('force_template') ? 'default' : forced.template,
    locale: told.has('force_locale') ? 'en' : forced.locale,
  };
  const rendering: { readonly group: Group; readonly line: string }[] = [];
  for (const group of groups) {
    const broken = groupFaults(group, place);
    tell(broken);
    if (broken.length === 0) {
      warn(group, log);
      tell(recipientFaults(withForced(group, sound), place, mailOptions(configuration.config)));
    }
    const found = faultsIn(() =>
      renderer?.check(withForced(group, sound).settings).forEach((line) => remarks.add(line)),
    );
    rendering.push(...found.map((fault) => ({ group, line: describeFault(fault) })));
  }
  // Groups share templates: what is wrong in one of these is one problem, however many groups it is told with.
  const shared = grouped(
    rendering,
    ({ line }) => line,
    ({ group }) => JSON.stringify(group.name),
  );
  for (const [line, [first, ...more]] of shared) {
    const others = more.length === 0 ? '' : ` and ${counted(more.length, 'more group')}`;
    problems.push(`${printable(place)}, group ${printable(first!)}${others}: ${line}`);
  }
  const idle = [...metricsFaults(configuration), ...reached.flatMap((group) => xarfModeFaults(group, place))];
  for (const line of [...remarks, ...idle.map(describeFault)]) log.warning(line);
  for (const problem of problems) {
    output.object({ problem });
    output.line(cell(problem));
  }
  output.object({ ok: problems.length === 0, groups: groups.length, problems: problems.length });
  output.line(
    `${counted(groups.length, 'group')} from ${cell(place)}: ${problems.length === 0 ? 'no problems' : counted(problems.length, 'problem')}`,
  );
  return problems.length === 0;
};

/** The groups, or none and why. */
async function groupsOf({ configuration: { config }, store: open }: ActionContext): Promise<LoadedGroups> {
  try {
    return await loadGroups(config, open);
  } catch (error) {
    if (error instanceof UserError) return { groups: [], faults: [error], place: 'nowhere' };
    throw error;
  }
}

/** Variables of templates have to be what a line of text can hold; of those with a known meaning, what they say they are. */
function variableFaults({ config, origins }: Configuration): Fault[] {
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

/** What is legal in a group's filters but probably not meant. */
function warn(group: Group, log: Log): void {
  for (const { name, expression } of group.filters) {
    for (const warning of compileFilter(expression).warnings)
      log.warning(`group ${group.name}, filter ${name}: ${formatWarning(warning)}`);
  }
}
