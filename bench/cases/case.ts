import type { Place } from '../world.ts';

export interface Settings {
  readonly events: number;
  readonly rounds: number;
  /** Of the memory case. */
  readonly groups: number;
  readonly place: Place;
  /** Folder for the whole profiles, for the developer tools of a browser. */
  readonly profiles: string | undefined;
  /** Told what is being done, for who waits. */
  readonly say: (line: string) => void;
}

/** One question that the bench answers. */
export interface BenchCase {
  readonly name: string;
  readonly title: string;
  /** How many events when nothing else is asked for. */
  readonly events: number;
  /** Markdown lines: what was measured. */
  run(settings: Settings): Promise<readonly string[]>;
}
