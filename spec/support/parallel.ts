import { findMongod, startReplicaSet, workerVariable, type ReplicaSet } from './mongod.ts';

/* Loaded by `npm test`: gives each of its parallel workers a server. */

const WORKERS = 2;

let servers: ReplicaSet[] = [];

export async function mochaGlobalSetup(): Promise<void> {
  if ((await findMongod()) === undefined) return;
  servers = await Promise.all(Array.from({ length: WORKERS }, () => startReplicaSet()));
  for (const [worker, { uri }] of servers.entries()) process.env[workerVariable(worker)] = uri;
}

export async function mochaGlobalTeardown(): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}
