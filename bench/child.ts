/*
 * One measurement in a process of its own: does one job, told by its parent, and tells what it took. The clock runs from before the job's own
 * imports to its end; peak memory is that of the whole process.
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
  const start = process.hrtime.bigint();
  const work = () => JOBS[job.kind](job.options as never);
  const { result, profile: found } = profile ? await profiled(work, profileFile) : { result: await work() };
  // A job that has to make its data first gives the seconds of the part that counts.
  const { count, seconds, cpu } = result;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return {
    seconds: seconds ?? Number(process.hrtime.bigint() - start) / 1e9,
    cpu: cpu ?? (userCPUTime + systemCPUTime) / 1e6,
    peak: maxRSS * 1024,
    count,
    ...(found === undefined ? {} : { profile: found }),
  };
}
