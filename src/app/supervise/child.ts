import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BusTopic } from '../../core/bus.ts';
import type { Clock } from '../../core/clock.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { Config } from '../config/config.ts';
import type { FromChild, ToChild } from '../node/child-messages.ts';
import { newestOnly } from '../node/newest-only.ts';
import type { ChildName } from '../node/process-name.ts';

/** How `/health` and `/metrics` see a process of the node. */
export interface Part extends JsonObject {
  readonly state: 'starting' | 'running' | 'restarting' | 'stopped';
  readonly restarts: number;
  readonly pid: number;
}

export interface ChildOptions {
  readonly name: ChildName;
  readonly config: Config;
  readonly clock: Clock;
  /** It published something. */
  readonly onPublish: (topic: BusTopic, payload: Json) => void;
  /** It wants to hear of a topic from now on. */
  readonly onSubscribe: (topic: BusTopic) => void;
  /** Its state changed. */
  readonly onChange: () => void;
  /** It said why it cannot start. */
  readonly onCannotStart: (message: string) => void;
}

/**
 * With V8's own bounds most of the memory under load would be garbage not yet collected. Measured
 * (`docs/decisions/processes.md`): the worker takes about 190 MB instead of 290.
 */
const heapFlags: Readonly<Record<ChildName, readonly string[]>> = {
  control: ['--max-semi-space-size=4'],
  worker: ['--max-semi-space-size=4', '--heap-growing-percent=40'],
};

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** One supervised process: restarted when it dies, with growing pauses while it keeps dying. */
export class Child {
  readonly #options: ChildOptions;
  readonly #topics = new Set<BusTopic>();
  readonly #gone = Promise.withResolvers<void>();
  #current: ChildProcess | undefined;
  #send: (message: ToChild) => void = () => undefined;
  #state: Part['state'] = 'starting';
  #restarts = 0;
  #pauseMs: number = limits.restartFirstMs;
  #banner: JsonObject = {};
  #stopping = false;

  constructor(options: ChildOptions) {
    this.#options = options;
  }

  get part(): Part {
    return { state: this.#state, restarts: this.#restarts, pid: this.#current?.pid ?? 0 };
  }

  /** What it has to show once the node runs. */
  get banner(): JsonObject {
    return this.#banner;
  }

  start(): void {
    const { clock, config, name } = this.#options;
    const startedAt = clock.monotonic();
    const child = fork(main, ['child', name], {
      execArgv: [...heapFlags[name]],
      serialization: 'json',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#current = child;
    this.#send = this.#sendTo(child);
    this.#topics.clear();
    child.on('message', (message: FromChild) => this.#hear(message));
    child.on('exit', (code, signal) => this.#onExit(code, signal, clock.monotonic() - startedAt));
    this.#send({ kind: 'start', config });
  }

  /** Relays a bus message, if it wants to hear of the topic. */
  publish(topic: BusTopic, payload: Json): void {
    if (this.#topics.has(topic)) this.#send({ kind: 'publish', topic, payload });
  }

  /** Asks it to stop; resolves when it has gone. */
  stop(): Promise<void> {
    this.#stopping = true;
    const current = this.#current;
    if (current === undefined || current.exitCode !== null || current.signalCode !== null) {
      this.#gone.resolve();
    } else {
      this.#send({ kind: 'stop' });
    }
    return this.#gone.promise;
  }

  kill(): void {
    this.#current?.kill('SIGKILL');
  }

  #sendTo(child: ChildProcess): (message: ToChild) => void {
    return newestOnly((message, left) => {
      // A message to a process that is just dying is lost, as the bus allows.
      if (child.connected) child.send(message, left);
      else left();
    });
  }

  #hear(message: FromChild): void {
    const options = this.#options;
    switch (message.kind) {
      case 'publish':
        options.onPublish(message.topic, message.payload);
        break;
      case 'subscribe':
        this.#topics.add(message.topic);
        options.onSubscribe(message.topic);
        break;
      case 'unsubscribe':
        this.#topics.delete(message.topic);
        break;
      case 'ready':
        this.#banner = message.banner;
        this.#change('running');
        break;
      case 'failed':
        options.onCannotStart(message.message);
        break;
    }
  }

  #onExit(code: number | null, signal: string | null, servedMs: number): void {
    if (this.#stopping) {
      this.#state = 'stopped';
      this.#gone.resolve();
      return;
    }
    this.#pauseMs =
      servedMs > limits.restartMostMs
        ? limits.restartFirstMs
        : Math.min(this.#pauseMs * 2, limits.restartMostMs);
    this.#restarts += 1;
    reportDeath(this.#options.name, code, signal, this.#pauseMs);
    this.#change('restarting');
    // A timer of its own, not `clock.after`: the restart must happen even if nothing else is alive.
    void this.#options.clock.sleep(this.#pauseMs).then(() => {
      if (this.#stopping) this.#gone.resolve();
      else this.start();
    });
  }

  #change(state: Part['state']): void {
    this.#state = state;
    this.#options.onChange();
  }
}

function reportDeath(
  name: ChildName,
  code: number | null,
  signal: string | null,
  pauseMs: number,
): void {
  const fields = { level: 50, process: 'ingest', name, code, signal, pauseMs };
  process.stderr.write(
    `${JSON.stringify({ ...fields, msg: 'a process died and is started again' })}\n`,
  );
}
