import { formatCount } from '../../model/text/format.ts';
import type { Action } from './action.ts';

/** Stored reports, newest first; of `--abuse-group` and `--severity` only, when given. */
export const reportsList: Action = async ({ configuration: { config }, output, store: open }) => {
  const { abuse_group: groups, severity: severities } = config;
  const all = await (await open()).reports.list();
  const selected = all.filter(
    ({ group, severity }) => (groups?.includes(group) ?? true) && (severities?.includes(severity) ?? true),
  );
  const records =
    config.limit === undefined || config.limit === 0 ? selected : selected.slice(0, config.limit);
  for (const record of records) output.object(record);
  if (records.length === 0) {
    output.line(
      all.length === 0 ? 'there are no reports yet' : `none of ${formatCount(all.length, 'report')} matches`,
    );
    return true;
  }
  await output.table(
    ['Label', 'Window ends', 'Group', 'Severity', 'Type', 'Source', 'Events', 'Mailed'],
    records.map((r) => [
      r.label,
      r.dt_to,
      r.group,
      r.severity,
      r.type,
      r.source ?? '',
      r.evcount_rep ?? 0,
      r.flag_mailed ? 'yes' : 'no',
    ]),
  );
  return true;
};
