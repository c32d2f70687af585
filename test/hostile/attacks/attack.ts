import type { Socket } from 'node:net';

/** What a hostile client does with each of its connections. */
export interface Attack {
  readonly about: string;
  /** Connections held open at once. */
  readonly connections: number;
  /** New connections a second at the most. */
  readonly perSecond: number;
  /** Called with each connection that was opened. */
  begin(socket: Socket): void;
  /** Called with each open one once a second. */
  drip?(socket: Socket): void;
  /** Called when something has come; without it nothing is ever read. */
  answered?(socket: Socket): void;
}

/** What came of an attack so far. */
export interface AttackCounts {
  readonly opened: number;
  readonly open: number;
  /** Closed by the server. */
  readonly closed: number;
  /** Answers by status, as far as they were read. */
  readonly statuses: Readonly<Record<string, number>>;
}
