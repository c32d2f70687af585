import type { Client, Connection, Submittable } from 'pg';

/** One statement; of a COPY from the client, its data too. */
export interface ScriptStep {
  readonly sql: string;
  readonly data?: Iterable<Buffer>;
}

export interface ScriptResult {
  /** Rows that each step changed, of those that came to their end. */
  readonly rows: readonly number[];
  /** What the server, or the connection, said of the step behind them; no step after it was run. */
  readonly error?: unknown;
}

export function runScript(client: Client, steps: readonly ScriptStep[]): Promise<ScriptResult> {
  if (steps.length === 0) return Promise.resolve({ rows: [] });
  return new Promise((resolve) => {
    client.query(new CopyScript(steps, resolve));
  });
}

/**
 * Statements and the data of their COPYs in one message each, sent without waiting for an answer: the server works through them
 * while we do something else. What it has no use for after a failure it passes over (PostgreSQL's protocol, "COPY
 * Operations"). In memory meanwhile is the data of all steps.
 */
class CopyScript implements Submittable {
  readonly #steps: readonly ScriptStep[];
  readonly #end: (result: ScriptResult) => void;
  readonly #rows: number[] = [];

  constructor(steps: readonly ScriptStep[], end: (result: ScriptResult) => void) {
    this.#steps = steps;
    this.#end = end;
  }

  submit(connection: Connection): void {
    const { stream } = connection;
    // All of it goes out at once, not each part by itself.
    stream.cork();
    connection.query(this.#steps.map(({ sql }) => sql).join(';\n'));
    for (const { data } of this.#steps) {
      if (data === undefined) continue;
      for (const part of data) {
        stream.write(copyData(part.length));
        stream.write(part);
      }
      stream.write(copyDone);
    }
    stream.uncork();
  }

  handleCopyInResponse(): void {
    // The data is under way already.
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#rows.push(Number(/\d+$/.exec(text)?.[0] ?? 0));
  }

  handleRowDescription(): void {
    // The rows of a statement that gives some are of no use here.
  }

  handleDataRow(): void {
    // As above.
  }

  handleError(error: unknown): void {
    this.#end({ rows: this.#rows, error });
  }

  handleReadyForQuery(): void {
    this.#end({ rows: this.#rows });
  }
}

const lengthBytes = 4;
const copyDone = Buffer.from([0x63, 0, 0, 0, lengthBytes]);

function copyData(length: number): Buffer {
  const head = Buffer.from([0x64, 0, 0, 0, 0]);
  head.writeUInt32BE(length + lengthBytes, 1);
  return head;
}
