import type { Action } from './action.ts';

/** Stored reports, newest first. */
export const reportsList: Action = async ({ configuration: { config }, output, store: open }) => {
  const limit = config.limit === 0 ? undefined : config.limit;
  const records = await (await open()).reports.list(limit);
  for (const record of records) output.object(record);
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
