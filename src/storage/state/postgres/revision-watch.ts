import { Client, type ClientConfig } from 'pg';
import type { Clock } from '../../../core/clock.ts';
import type { Logger } from '../../../core/logger.ts';
import { revisionChannel } from './prepare-schema.ts';

export interface RevisionWatchOptions {
  readonly connection: ClientConfig;
  readonly schema: string;
  readonly clock: Clock;
  readonly logger: Logger;
  onChange(revision: number): void;
}

/** The safety net, one small query: a change that was not heard of, and a connection that is dead without a sign. */
const lookEveryMs = 1_000;
const reconnectMs = 500;

/**
 * Listens, on a connection of its own, for the revisions that the database announces, and looks at the
 * revision itself after each connect and every second: nothing is missed for longer than that.
 */
export class RevisionWatch {
  readonly #options: RevisionWatchOptions;
  readonly #stop = new AbortController();
  #last: number | undefined;
  #isDown = false;

  constructor(options: RevisionWatchOptions) {
    this.#options = options;
  }

  /** Watches until `stop`. */
  async run(): Promise<void> {
    const { clock, logger } = this.#options;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#listen();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (!this.#isDown) logger.warn({ reason }, 'changes of the configuration are not heard of');
        this.#isDown = true;
      }
      await clock.sleep(reconnectMs, this.#stop.signal);
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  /** One life of a connection. Rejects when it cannot be made or does not answer. */
  async #listen(): Promise<void> {
    const { connection, schema, clock, logger } = this.#options;
    const client = new Client(connection);
    const ended = new AbortController();
    const end = () => ended.abort();
    this.#stop.signal.addEventListener('abort', end);
    client.on('error', end);
    client.on('end', end);
    client.on('notification', ({ payload }) => this.#tell(Number(payload)));
    try {
      await client.connect();
      await client.query(`listen "${revisionChannel(schema)}"`);
      while (!ended.signal.aborted) {
        await this.#look(client);
        if (this.#isDown) logger.info({}, 'changes of the configuration are heard of again');
        this.#isDown = false;
        await clock.sleep(lookEveryMs, ended.signal);
      }
    } finally {
      this.#stop.signal.removeEventListener('abort', end);
      // What it still had to say is of no interest.
      client.end().catch(() => undefined);
    }
  }

  async #look(client: Client): Promise<void> {
    const { rows } = await client.query('select max(revision) as revision from workspace');
    const [{ revision } = { revision: null }]: { revision: number | null }[] = rows;
    if (revision !== null) this.#tell(revision);
  }

  #tell(revision: number): void {
    if (revision === this.#last || this.#stop.signal.aborted) return;
    this.#last = revision;
    this.#options.onChange(revision);
  }
}
