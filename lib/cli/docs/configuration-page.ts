import { GROUP_SCHEMA } from '../../model/group/group-schema.ts';
import { EVENT_CLASS_SCHEMA, loadCatalogue } from '../../report/render/catalogue.ts';
import { Locales } from '../../report/render/locale.ts';
import { KNOWN_VARS, mailView } from '../../report/render/mail-view.ts';
import { sampleModels } from '../../report/render/sample-models.ts';
import { Words } from '../../report/render/words.ts';
import { shipped } from '../../config/locations.ts';
import { schemaOf } from '../../config/values.ts';
import { PROGRAM, TIMES_ABOUT } from '../help/texts.ts';
import { KEY_NAMES, KEYS, optionOf, type KeyName } from '../../config/keys/index.ts';
import { SECTIONS } from '../../config/keys/key.ts';

/** The reference of everything that can be configured, as Markdown, made from the schemas that check it. */
export function configurationPage(): string {
  return [
    '<!-- Made by `npm run docs` from the schemas that check configurations and groups: change those. -->',
    '# Configuration',
    INTRODUCTION,
    ...SECTIONS.flatMap((section) => [`## ${section.replace(/ options$/, '')}`, keysTable(section)]),
    '## A group',
    GROUP_INTRODUCTION,
    schemaTable(GROUP_SCHEMA as Schema, ''),
    '## An event class',
    CLASS_INTRODUCTION,
    table(
      ['Member', 'Meaning', 'Values'],
      Object.entries(EVENT_CLASS_SCHEMA.additionalProperties.properties as Record<string, Schema>).map(
        ([name, { description = '', items }]) => [
          code(name),
          escaped(description),
          (items?.enum ?? []).map(code).join(', '),
        ],
      ),
    ),
    '## Variables of templates',
    VARS_INTRODUCTION,
    table(
      ['Variable', 'Meaning'],
      Object.entries(KNOWN_VARS).map(([name, about]) => [code(name), escaped(about)]),
    ),
    `What else a mail's template may use: ${viewNames().map(code).join(', ')}.`,
    '## Beside this page',
    table(
      ['File', 'What it is'],
      FILES.map(([name, about]) => [code(name), about]),
    ),
    '',
  ].join('\n\n');
}

const FILES: readonly (readonly [name: string, about: string])[] = [
  ['mentat-reporter.conf', 'configuration for production, and the one in use where there is none'],
  ['systemd/mentat-reporter.service', 'the scheduled run, shut in; with its `.timer`, every ten minutes'],
  [
    'systemd/mentat-reporter@.service',
    'the same for one of several processes that share the groups; `@0-4` is the first of four',
  ],
  ['mentat-reporter.cron', 'the same for cron'],
  ['mentat-reporter.logrotate', 'rotation of the log'],
  ['event-classes.json', 'descriptions of the kinds of events, for mails'],
  ['xarf-types.json', 'what X-ARF calls each kind of events'],
  ['man/mentat-reporter.1', 'manual page'],
  ['sample/', 'groups and events to try it with'],
];

const INTRODUCTION = `A configuration file is one JSON object; lines whose first characters are \`#\` or \`//\` are comments. \`${PROGRAM}.conf\` beside this page
is an example to start from. What is not set keeps its default. From the weakest to the strongest:

1. the defaults below,
2. the files \`*.json.conf\` of the folder \`/etc/mentat/core\` (\`--config-dir\`), by name,
3. the file \`/etc/mentat/${PROGRAM}.conf\` (\`--config-file\`), or where there is none the shipped one,
4. environment variables \`MENTAT_REPORTER_<KEY>\`, the place for passwords: lists as \`a,b\` or as JSON, flags as \`true\` or \`false\`,
5. options of the command line.

A value replaces a weaker one whole; \`null\` is ignored. A wrong value ends the program before it does anything; an unknown key is warned of and
ignored. \`${PROGRAM} --action config-view\` shows every key with its value and origin, \`${PROGRAM} --action config-check\`
lists every problem. \`/etc\` and \`/var\` are below \`APP_ROOT_PATH\`, when that is set.

Times: ${TIMES_ABOUT}`;

const GROUP_INTRODUCTION = `As it is written for \`--groups\` and \`--action groups-import\`: one object, a list of them, or one a line. Only \`name\` is required. A key that nobody
knows is refused.`;

const CLASS_INTRODUCTION = `\`event-classes.json\` beside this page has the shipped ones, by name; files of \`event_classes_dir\` are put over them, class by class. Names are
looked up without regard to case.`;

const VARS_INTRODUCTION = `The key \`template_vars\` sets them; a template has them as \`vars.NAME\`. Names beside these are free; a template that uses one which is not set
is refused.`;

/** Names that the view of a mail has, whatever the mail. */
function viewNames(): string[] {
  const settings = { template: 'default', locale: 'en', timezone: 'UTC', defang: 'urls' } as const;
  const words = new Words(new Locales([shipped('locales')]).translate(settings.locale), settings);
  const headline = { subject: '', title: '' };
  const names = [...sampleModels(settings)].flatMap((model) =>
    Object.keys(mailView(model, loadCatalogue(), words, { vars: {}, form: 'text', headline })),
  );
  return [...new Set(names)].filter((name) => name !== 'vars').sort();
}

function keysTable(section: (typeof SECTIONS)[number]): string {
  const rows = KEY_NAMES.filter((name) => KEYS[name].section === section).map((name) => {
    const key = KEYS[name];
    return [
      code(name),
      optionCell(name),
      valueCell(name),
      defaultCell(name),
      escaped(key.about),
      json(key.example),
    ];
  });
  return table(['Key', 'Option', 'Value', 'Default', 'Meaning', 'Example'], rows);
}

function optionCell(name: KeyName): string {
  const option = optionOf(name);
  if (option === undefined) return 'file only';
  const { aliases = [], early } = KEYS[name];
  const words = [option, ...aliases].map((word) => code(`--${word}`)).join(', ');
  return early === true ? `${words}; no key of a file` : words;
}

function valueCell(name: KeyName): string {
  return escaped(String(schemaOf(KEYS[name])['expected']));
}

function defaultCell(name: KeyName): string {
  const key = KEYS[name];
  if (key.otherwise !== undefined) return escaped(key.otherwise);
  return 'default' in key ? json(key.default) : 'none';
}

/** The members of a schema, those of members in it below their own name. */
function schemaTable(schema: Schema, prefix: string): string {
  return table(['Key', 'Value', 'Meaning'], schemaRows(schema, prefix));
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly expected?: string;
  readonly description?: string;
}

function schemaRows(schema: Schema, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const { items, expected = '', description = '' } = member;
    const path = `${prefix}${name}`;
    const below = items === undefined ? schemaRows(member, `${path}.`) : schemaRows(items, `${path}[].`);
    return [[code(path), escaped(expected), escaped(description)], ...below];
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${escaped(text)}\``;
}

function json(value: unknown): string {
  return code(JSON.stringify(value));
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
