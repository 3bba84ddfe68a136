import { join } from 'node:path';
import { nearestHint } from '../model/text/nearest.ts';
import { throwProblems } from '../model/schema-problems.ts';
import { describeProblem, UserError, type Problem } from '../model/user-error.ts';
import { isKey, KEY_NAMES, KEYS, type Config, type KeyName } from './keys/index.ts';
import { locationsOf, shipped, type Locations } from './locations.ts';
import type { Environment } from '../system/io.ts';
import { readConfigDir, readConfigFile, type ConfigFile } from '../system/config-file.ts';
import { duplicateKeyProblem } from '../model/text/duplicate-keys.ts';
import { checkLayer, variableOf, type CheckedLayer, type Layer, type Origin } from './layer.ts';
import { fromText } from './from-text.ts';
import { settled as settledValue } from './values.ts';

/** What the command line says of keys. */
export interface GivenOptions {
  /** Given options by key, as JSON values; an option that was not given is missing. */
  readonly values: Readonly<Partial<Record<KeyName, unknown>>>;
  /** Keys whose option was typed under another of its names, with that name: messages name what the person wrote. */
  readonly typed: ReadonlyMap<KeyName, string>;
}

/** A whole configuration with where it came from. */
export interface Configuration {
  readonly config: Config;
  readonly origins: ReadonlyMap<KeyName, Layer>;
  /** Keys of other programs and unknown keys, each from the strongest source that has it. */
  readonly others: ReadonlyMap<string, { readonly value: unknown; readonly layer: Layer }>;
  readonly locations: Locations;
  /** Sources in the order of their weight, the weakest first. */
  readonly sources: readonly string[];
  /** What each source says, the weakest first. */
  readonly layers: readonly Layer[];
  /** Values that were refused; their keys have what a weaker source or the default says. */
  readonly problems: readonly Problem[];
  /** Warnings: nothing that stops the program. */
  readonly notes: readonly string[];
  /** Lines for the log level debug. */
  readonly asides: readonly string[];
  /** Says that nothing was configured and the shipped configuration is used; undefined where something was. */
  readonly fallback: string | undefined;
}

const PREFIX = 'MENTAT_REPORTER_';

/**
 * Puts the configuration together as {@link readConfiguration} does.
 * @throws UserError: of usage where the command line is wrong, else of setup
 */
export function loadConfiguration(line: GivenOptions, environment: Environment): Configuration {
  const configuration = readConfiguration(line, environment);
  throwProblems(configuration.problems);
  return configuration;
}

/**
 * Puts the configuration together: defaults, configuration folder, configuration file, environment, command line, each key from the
 * strongest source that has it. What is wrong in files and environment is handed back as problems.
 * @throws UserError: of usage where the command line is wrong, else where a source cannot be read at all
 */
export function readConfiguration(line: GivenOptions, environment: Environment): Configuration {
  const commandLine = checkLayer('command line', 'command line', line.values, line.typed);
  throwProblems(commandLine.problems, { usage: true });
  const variables = readEnvironment(environment);
  const early = merge([variables.layer, commandLine.layer]).config;
  const files = findFiles(
    early,
    given('config_file', commandLine, variables),
    given('config_dir', commandLine, variables),
    environment['APP_ROOT_PATH'],
  );
  const layers = [
    ...files.dir.map(asLayer('directory')),
    ...files.file.map(asLayer('file')),
    variables,
    commandLine,
  ];
  const { config, origins } = merge(layers.map((checked) => checked.layer));
  const { settled, problems } = withoutRivals(config, origins);
  return {
    config: settled,
    origins,
    others: foreignKeysOf(layers.map((checked) => checked.layer)),
    locations: files.locations,
    layers: layers.map((checked) => checked.layer),
    sources: [...files.dir, ...files.file].map((file) => file.path),
    problems: [...layers.flatMap((checked) => checked.problems), ...problems],
    notes: layers.flatMap((checked) => checked.notes),
    asides: layers.flatMap((checked) => checked.asides),
    fallback: files.fallback,
  };
}

function asLayer(origin: Origin): (file: ConfigFile) => CheckedLayer {
  return (file) => {
    const checked = checkLayer(origin, file.path, file.values);
    const twice = duplicateKeyProblem(file.text, file.path);
    return twice === undefined ? checked : { ...checked, notes: [...checked.notes, describeProblem(twice)] };
  };
}

function given(name: KeyName, ...layers: CheckedLayer[]): boolean {
  return layers.some(({ layer }) => layer.values[name] !== undefined);
}

function readEnvironment(environment: Environment): CheckedLayer {
  const values: Record<string, unknown> = {};
  const unknown: string[] = [];
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(PREFIX) || text === undefined) continue;
    const name = variable.slice(PREFIX.length).toLowerCase();
    if (isKey(name) && variable === variableOf(name)) values[name] = fromText(KEYS[name], text);
    else unknown.push(variable);
  }
  const checked = checkLayer('environment', 'environment', values);
  const notes = unknown.map((variable) =>
    describeProblem({
      what: `${variable} is ignored`,
      where: 'environment',
      hint: nearestHint(variable, KEY_NAMES.map(variableOf), 'no such key'),
    }),
  );
  return { ...checked, notes };
}

interface Files {
  readonly dir: readonly ConfigFile[];
  readonly file: readonly ConfigFile[];
  readonly locations: Locations;
  readonly fallback: string | undefined;
}

/** Reads the configuration file and folder. The file goes first: when both are missing it is the one that is named. */
function findFiles(early: Config, fileGiven: boolean, dirGiven: boolean, root: string | undefined): Files {
  const usual = locationsOf(early.name, root, false);
  const path = early.config_file ?? usual.configFile;
  const dirPath = early.config_dir ?? usual.configDir;
  const file = path === '' ? undefined : readConfigFile(path);
  const fresh = file === undefined && !fileGiven && !early.config_file_silent;
  if (file === undefined && fileGiven && path !== '' && !early.config_file_silent)
    throw missing('configuration file', path, '--config-file-silent');
  const dir = dirPath === '' ? [] : readConfigDir(dirPath);
  if (dir === undefined && dirGiven && !early.config_dir_silent)
    throw missing('configuration directory', dirPath, '--config-dir-silent');
  if (!fresh)
    return { dir: dir ?? [], file: file === undefined ? [] : [file], locations: usual, fallback: undefined };
  const fallback = readConfigFile(shipped('conf', 'mentat-reporter.conf'));
  const locations = locationsOf(early.name, root, true);
  const note = `no configuration at ${path}: taking the shipped one, files go below ${join(locations.runDir, '..')}`;
  return { dir: dir ?? [], file: fallback === undefined ? [] : [fallback], locations, fallback: note };
}

function missing(what: string, path: string, silencer: string): UserError {
  return new UserError({
    what: `${what} is missing`,
    where: path,
    hint: `${silencer} takes a missing one as empty`,
  });
}

/** The strongest value of every key; `layers` from the weakest to the strongest. Values are replaced whole, never combined. */
function merge(layers: readonly Layer[]): { config: Config; origins: Map<KeyName, Layer> } {
  const origins = new Map<KeyName, Layer>();
  for (const layer of layers)
    for (const name of Object.keys(layer.values) as KeyName[]) origins.set(name, layer);
  const entries = KEY_NAMES.map((name) => {
    const value = origins.get(name)?.values[name];
    const key = KEYS[name];
    return [
      name,
      value === undefined ? ('default' in key ? key.default : undefined) : settledValue(key, value),
    ];
  });
  // Every value has passed the schema of its key, which is what the type says.
  return { config: Object.fromEntries(entries) as Config, origins };
}

function foreignKeysOf(layers: readonly Layer[]): Configuration['others'] {
  const named = layers.flatMap((layer) =>
    Object.entries(layer.others).map(([name, value]) => [name, { value, layer }] as const),
  );
  return new Map(named);
}

/** Of two modes the one that was given closer by holds; two from the same place are a problem. Quiet beats verbose. */
function withoutRivals(
  config: Config,
  origins: ReadonlyMap<KeyName, Layer>,
): { settled: Config; problems: readonly Problem[] } {
  const settled = config.quiet ? { ...config, verbosity: 0 } : config;
  if (!config.regular || !config.shell) return { settled, problems: [] };
  const direct = (name: KeyName) => origins.get(name)?.origin === 'command line';
  if (direct('regular')) return { settled: { ...settled, shell: false }, problems: [] };
  if (direct('shell')) return { settled: { ...settled, regular: false }, problems: [] };
  const where = origins.get('shell')?.where;
  return { settled, problems: [{ what: 'regular and shell exclude each other', where }] };
}
