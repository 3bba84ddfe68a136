import { ATTACHMENTS, MODES } from '../../model/group.ts';
import type { Key } from './key.ts';

const section = 'Reports';

/** Keys that say how reports are made, and what overrides the groups' settings for one run. */
export const REPORT_KEYS = {
  force_mode: { section, kind: 'choice', choices: MODES, about: "overrides every group's mode" },
  force_attachments: {
    section,
    kind: 'choice',
    choices: ATTACHMENTS,
    about: "overrides every group's attachments",
  },
  force_template: {
    section,
    kind: 'name',
    aliases: ['template-id'],
    about: "overrides every group's template",
  },
  force_locale: {
    section,
    kind: 'name',
    aliases: ['locale'],
    about: "overrides every group's locale",
  },
  force_timezone: { section, kind: 'zone', about: "overrides every group's time zone" },
  force_max_attachment_size: {
    section,
    kind: 'integer',
    minimum: 0,
    about: "overrides every group's limit, in bytes; 0: none",
  },
  reports_dir: {
    section,
    kind: 'text',
    option: null,
    otherwise: 'reports in the data directory',
    about: 'where report files are written',
  },
  templates_dir: {
    section,
    kind: 'text',
    option: null,
    about: 'own templates, looked into before the shipped ones',
  },
  template_vars: {
    section,
    kind: 'object',
    default: {},
    option: null,
    about: 'free variables for templates: contact_email, admin_email, report_access_url',
  },
  report_max_sources: {
    section,
    kind: 'integer',
    minimum: 1,
    default: 1_000,
    option: null,
    about: 'entries inside a report record; all of them are kept beside it',
  },
  max_extra_reports: {
    section,
    kind: 'integer',
    minimum: 0,
    default: 100,
    option: null,
    about: 'extra reports a lane; the other sources stay in the summary, which says so',
  },
} as const satisfies Record<string, Key>;
