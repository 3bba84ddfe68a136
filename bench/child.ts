/*
 * One measurement in a process of its own: does one job, told by its parent, and tells what it took. Peak memory is that of the whole
 * process.
 */
import { JOBS, type Job } from './jobs/index.ts';
import { profiled, type Profile } from './profile.ts';

export interface Taken {
  /** Wall clock and processor time of this process, seconds. */
  readonly seconds: number;
  readonly cpu: number;
  /** Peak of the resident set, bytes. */
  readonly peak: number;
  /** What the job counted: events, or lanes. */
  readonly count: number;
  readonly profile?: Profile;
}

export interface Order {
  readonly job: Job;
  readonly profile: boolean;
  /** Where the whole profile goes, for the developer tools of a browser. */
  readonly profileFile?: string | undefined;
}

process.once('message', (order: Order) => {
  void perform(order).then((taken) => process.send!(taken, () => process.disconnect()));
});

async function perform({ job, profile, profileFile }: Order): Promise<Taken> {
  const work = await JOBS[job.kind](job.options as never);
  const [start, before] = [process.hrtime.bigint(), process.cpuUsage()];
  const { result: count, profile: found } = profile
    ? await profiled(work, profileFile)
    : { result: await work() };
  const { user, system } = process.cpuUsage(before);
  return {
    seconds: Number(process.hrtime.bigint() - start) / 1e9,
    cpu: (user + system) / 1e6,
    peak: process.resourceUsage().maxRSS * 1024,
    count,
    ...(found === undefined ? {} : { profile: found }),
  };
}
