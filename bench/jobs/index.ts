import type { BareEmbedded } from './bare-embedded.ts';
import type { BareLanes, BareMongo } from './bare-mongodb.ts';
import type { BareReplay } from './bare-replay.ts';
import type { ProgramJob } from './program.ts';
import type { StagesJob } from './stages.ts';
import type { Work } from './work.ts';

interface Jobs {
  program: ProgramJob;
  bareMongo: BareMongo;
  bareLanes: BareLanes;
  bareEmbedded: BareEmbedded;
  bareReplay: BareReplay;
  stages: StagesJob;
}

export type Job = { [K in keyof Jobs]: { readonly kind: K; readonly options: Jobs[K] } }[keyof Jobs];

/** Each is loaded only by the process that does it, and makes ready what is not to be measured. */
export const JOBS: { readonly [K in keyof Jobs]: (options: Jobs[K]) => Promise<Work> } = {
  program: async (options) => (await import('./program.ts')).runProgram(options),
  bareMongo: async (options) => (await import('./bare-mongodb.ts')).readBare(options),
  bareLanes: async (options) => (await import('./bare-mongodb.ts')).askLanes(options),
  bareEmbedded: async (options) => (await import('./bare-embedded.ts')).readBare(options),
  bareReplay: async (options) => (await import('./bare-replay.ts')).readBare(options),
  stages: async (options) => (await import('./stages.ts')).runStages(options),
};
