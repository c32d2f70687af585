import type { Call } from '../e2e/six-calls.ts';
import type { Driver, Job } from './driver.ts';
import type { SdkStand } from './sdk-stand.ts';

/** An SDK as it is published, and what it does that others do not: each fact is held by a test. */
export interface Sdk {
  /** With its version. */
  readonly name: string;
  /** What it writes into `context.library.name`. */
  readonly library: string;
  /** Why it cannot run on this machine; false when it can. */
  readonly skip: string | false;
  /** Starts its driver on a job. */
  readonly start: (job: Job, stand: SdkStand) => Driver;
  /** Fields of the six calls that it has no place for. */
  readonly lacks?: Partial<Record<Call, readonly string[]>>;
  /** It leaves out what is null. */
  readonly dropsNulls?: true;
  /** It only speaks https. */
  readonly https?: true;
  /** It keeps what it has to send in a folder named after the write key: each test needs one of its own. */
  readonly ownWriteKey?: true;
  /** The first call goes out at once in a request of its own. */
  readonly sendsFirstAlone?: true;
  /** A request may hold some calls more than the size of a batch. */
  readonly batchesRoughly?: true;
  /** Requests go out one after the other: batches arrive in the order of the calls. */
  readonly ordered: boolean;
  /** Whether a 429, a 503 is repeated after the Retry-After of the answer or after a back-off of its own. */
  readonly after429: Wait;
  readonly after503: Wait;
  /** It says with `X-Retry-Count` how often it has tried. */
  readonly countsRetries: boolean;
  /** When it is closed it waits a second for requests under way, and gives up the others: a slow machine needs longer. */
  readonly closesInHaste?: true;
  /** What becomes of calls that wait for a retry when it is closed. */
  readonly whenClosed?: 'sends them' | 'drops and reports them' | 'drops them silently';
}

export type Wait = 'Retry-After' | 'own back-off';
