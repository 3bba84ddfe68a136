import { ATTACHMENTS, MODES } from '../../model/group.ts';
import type { Key } from './key.ts';

const section = 'Reporter options';

/** Keys that say how reports are made, and what overrides the groups' settings for one run. */
export const REPORT_KEYS = {
  force_mode: {
    section,
    kind: 'choice',
    takes: 'MODE',
    choices: MODES,
    example: 'both',
    about: "overrides every group's mode",
  },
  force_attachments: {
    section,
    kind: 'choice',
    takes: 'KIND',
    choices: ATTACHMENTS,
    example: 'all',
    about: "overrides every group's attachments",
  },
  force_template: {
    section,
    kind: 'name',
    aliases: ['template-id'],
    example: 'default',
    about: "overrides every group's template",
  },
  force_locale: {
    section,
    kind: 'name',
    aliases: ['locale'],
    example: 'cs',
    about: "overrides every group's locale",
  },
  force_timezone: {
    section,
    kind: 'zone',
    example: 'Europe/Prague',
    about: "overrides every group's time zone",
  },
  force_max_attachment_size: {
    section,
    kind: 'integer',
    takes: 'BYTES',
    minimum: 0,
    example: 1_048_576,
    about: "overrides every group's limit, in bytes; 0: none",
  },
  test_data: {
    section,
    kind: 'flag',
    default: false,
    example: true,
    about: 'only events of category Test, which are left out otherwise',
  },
  reports_dir: {
    section,
    kind: 'text',
    takes: 'DIR',
    option: null,
    otherwise: 'reports in the data directory',
    example: '/srv/reports',
    about: 'where report files are written',
  },
  templates_dir: {
    section,
    kind: 'text',
    takes: 'DIR',
    option: null,
    example: '/etc/mentat/templates',
    about: 'own templates, looked into before the shipped ones',
  },
  template_vars: {
    section,
    kind: 'object',
    default: {},
    example: { contact_email: 'csirt@example.org' },
    option: null,
    about: 'free variables for templates: contact_email, admin_email, report_access_url',
  },
  report_max_sources: {
    section,
    kind: 'integer',
    minimum: 1,
    default: 1_000,
    example: 5_000,
    option: null,
    about: 'entries inside a report record; all of them are kept beside it',
  },
  max_extra_reports: {
    section,
    kind: 'integer',
    minimum: 0,
    default: 100,
    example: 20,
    option: null,
    about: 'extra reports a lane; the other sources stay in the summary, which says so',
  },
} as const satisfies Record<string, Key>;
