/** Actions by name, with a line for the help. Each is implemented in a file of its name. */
export const ACTION_LINES = {
  'config-view': 'every key with its value and where it comes from',
  'runlog-dump': 'one runlog, --input or the newest',
  'runlog-view': 'analysis of one runlog, --input or the newest',
  'runlogs-list': 'all runlogs, newest first',
  'runlogs-dump': 'all runlogs whole',
  'runlogs-evaluate': 'analysis of all runlogs: durations and counts',
  'store-init': 'create tables or collections and indexes',
  'store-check': 'connect to the store and name its problems',
  'groups-import': 'add or replace groups from JSON, all or nothing',
  'groups-export': 'print the groups in the form that import reads',
  'groups-list': 'one line a group',
  'events-import': 'store events from JSON lines',
  'plan-view': 'window and lanes of a run that would start now',
  'reports-list': 'stored reports, newest first',
  'report-view': 'one report; --input is its label',
  'outbox-list': 'mails and their states, by --label, --recipient, --state',
  'outbox-retry': 'send the selected mails again with the next run',
  'outbox-drop': 'give the selected mails up; --reason, --forget',
  'event-explain': 'why an event was reported, or not; --input is its ID',
  'filter-test': 'evaluate filters on events from JSON lines',
  'config-check': 'check configuration, groups and filters without a run',
} as const;

export type ActionName = keyof typeof ACTION_LINES;

export const ACTION_NAMES = Object.keys(ACTION_LINES) as readonly ActionName[];

/** Actions that write nothing to the store. */
export const LOOKING: ReadonlySet<ActionName> = new Set([
  'store-check',
  'plan-view',
  'groups-list',
  'groups-export',
  'reports-list',
  'report-view',
  'outbox-list',
  'event-explain',
  'config-check',
]);

/** Actions that change a store. */
export const WRITING: ReadonlySet<ActionName> = new Set([
  'store-init',
  'groups-import',
  'events-import',
  'outbox-retry',
  'outbox-drop',
]);
