import type { BareEmbedded } from './bare-embedded.ts';
import type { BareLanes, BareMongo } from './bare-mongodb.ts';
import type { BareReplay } from './bare-replay.ts';
import type { ProgramJob } from './program.ts';

/** What a job did. */
export interface Done {
  readonly count: number;
  /** Of the part that counts, when that is not the whole job. */
  readonly seconds?: number;
  readonly cpu?: number;
}

interface Jobs {
  program: ProgramJob;
  bareMongo: BareMongo;
  bareLanes: BareLanes;
  bareEmbedded: BareEmbedded;
  bareReplay: BareReplay;
}

export type Job = { [K in keyof Jobs]: { readonly kind: K; readonly options: Jobs[K] } }[keyof Jobs];

/** Each is loaded only by the process that does it. */
export const JOBS: { readonly [K in keyof Jobs]: (options: Jobs[K]) => Promise<Done> } = {
  program: async (options) => (await import('./program.ts')).runProgram(options),
  bareMongo: async (options) => (await import('./bare-mongodb.ts')).readBare(options),
  bareLanes: async (options) => (await import('./bare-mongodb.ts')).askLanes(options),
  bareEmbedded: async (options) => (await import('./bare-embedded.ts')).readBare(options),
  bareReplay: async (options) => (await import('./bare-replay.ts')).readBare(options),
};
