import type { Finding } from './finding.ts';
import type { Cores } from './machine.ts';

/** What a section gets to work with. */
export interface Bench {
  /** Fewer rounds and shorter slots: shows that it works, not what it can. */
  readonly quick: boolean;
  readonly rounds: number;
  readonly slotSeconds: number;
  readonly cores: Cores;
  /** A fresh folder on the disk that is measured; removed at the end. */
  folder(): string;
  /** Prints a line at once. */
  say(text: string): void;
}

/** A part of the benchmark that can be run alone: `npm run bench -- <name>`. */
export interface Section {
  readonly name: string;
  readonly about: string;
  run(bench: Bench): Promise<readonly Finding[]>;
}
