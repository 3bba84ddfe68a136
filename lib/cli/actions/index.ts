import type { Action } from './action.ts';
import type { ActionName } from '../../config/keys/action-names.ts';

/** Every action, loaded only when it is asked for. */
export const ACTIONS: Readonly<Record<ActionName, () => Promise<Action>>> = {
  'config-view': async () => (await import('./config-view.ts')).configView,
  'runlog-dump': async () => (await import('./runlogs/runlog-dump.ts')).runlogDump,
  'runlog-view': async () => (await import('./runlogs/runlog-view.ts')).runlogView,
  'runlogs-list': async () => (await import('./runlogs/runlogs-list.ts')).runlogsList,
  'runlogs-dump': async () => (await import('./runlogs/runlogs-dump.ts')).runlogsDump,
  'runlogs-evaluate': async () => (await import('./runlogs/runlogs-evaluate.ts')).runlogsEvaluate,
  'store-init': async () => (await import('./store-init.ts')).storeInit,
  'store-check': async () => (await import('./store-check.ts')).storeCheck,
  'groups-import': async () => (await import('./groups-import.ts')).groupsImport,
  'groups-export': async () => (await import('./groups-export.ts')).groupsExport,
  'groups-list': async () => (await import('./groups-list.ts')).groupsList,
  'events-import': async () => (await import('./events-import.ts')).eventsImport,
  'plan-view': async () => (await import('./plan-view.ts')).planView,
  'reports-list': async () => (await import('./reports-list.ts')).reportsList,
  'report-view': async () => (await import('./report-view.ts')).reportView,
  'outbox-list': async () => (await import('./outbox/outbox-list.ts')).outboxList,
  'outbox-retry': async () => (await import('./outbox/outbox-retry.ts')).outboxRetry,
  'outbox-drop': async () => (await import('./outbox/outbox-drop.ts')).outboxDrop,
  'event-explain': async () => (await import('./event-explain.ts')).eventExplain,
  'filter-test': async () => (await import('./filter-test.ts')).filterTest,
  'config-check': async () => (await import('./config-check.ts')).configCheck,
};
