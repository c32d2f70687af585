import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BusTopic } from '../../core/bus.ts';
import type { Clock } from '../../core/clock.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { Config } from '../config/config.ts';
import type { FromChild, ToChild } from '../node/child-messages.ts';
import type { ChildRole } from '../node/role.ts';

/** How `/health` and `/metrics` see a process of the node. */
export interface Part extends JsonObject {
  readonly state: 'starting' | 'running' | 'restarting' | 'stopped';
  readonly restarts: number;
  readonly pid: number;
}

export interface ChildOptions {
  readonly role: ChildRole;
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

/** One supervised process: restarted when it dies, with growing pauses while it keeps dying. */
export interface Child {
  start(): void;
  /** Relays a bus message, if it wants to hear of the topic. */
  publish(topic: BusTopic, payload: Json): void;
  part(): Part;
  banner(): JsonObject;
  /** Asks it to stop; resolves when it has gone. */
  stop(): Promise<void>;
  kill(): void;
}

/**
 * With V8's own bounds most of the memory under load would be garbage not yet collected. Measured
 * (`docs/decisions/processes.md`): the worker takes about 190 MB instead of 290.
 */
const heapFlags: Readonly<Record<ChildRole, readonly string[]>> = {
  control: ['--max-semi-space-size=1'],
  worker: ['--max-semi-space-size=4', '--heap-growing-percent=40'],
};

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

export function createChild(options: ChildOptions): Child {
  let current: ChildProcess | undefined;
  let state: Part['state'] = 'starting';
  let restarts = 0;
  let pauseMs: number = limits.restartFirstMs;
  let shown: JsonObject = {};
  let stopping = false;
  const topics = new Set<BusTopic>();
  let gone: () => void = () => undefined;
  const hasGone = new Promise<void>((resolve) => {
    gone = resolve;
  });

  const change = (next: Part['state']) => {
    state = next;
    options.onChange();
  };
  const send = (message: ToChild) => {
    // A message to a process that is just dying is lost, as the bus allows.
    if (current?.connected) current.send(message, () => undefined);
  };
  const onMessage = (message: FromChild) => {
    switch (message.kind) {
      case 'publish':
        return options.onPublish(message.topic, message.payload);
      case 'subscribe':
        topics.add(message.topic);
        return options.onSubscribe(message.topic);
      case 'unsubscribe':
        topics.delete(message.topic);
        return;
      case 'ready':
        shown = message.banner;
        return change('running');
      case 'failed':
        return options.onCannotStart(message.message);
    }
  };
  const start = () => {
    const startedAt = options.clock.monotonic();
    const child = fork(main, ['child', options.role], {
      execArgv: [...heapFlags[options.role]],
      serialization: 'json',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    current = child;
    topics.clear();
    child.on('message', onMessage);
    child.on('exit', (code, signal) => {
      if (stopping) {
        state = 'stopped';
        gone();
        return;
      }
      const served = options.clock.monotonic() - startedAt;
      pauseMs =
        served > limits.restartMostMs
          ? limits.restartFirstMs
          : Math.min(pauseMs * 2, limits.restartMostMs);
      restarts += 1;
      reportDeath(options.role, code, signal, pauseMs);
      change('restarting');
      // A timer of its own, not `clock.after`: the restart must happen even if nothing else is alive.
      void options.clock.sleep(pauseMs).then(() => {
        if (!stopping) start();
        else gone();
      });
    });
    send({ kind: 'start', config: options.config });
  };

  return {
    start,
    publish: (topic, payload) => {
      if (topics.has(topic)) send({ kind: 'publish', topic, payload });
    },
    part: () => ({ state, restarts, pid: current?.pid ?? 0 }),
    banner: () => shown,
    stop: () => {
      stopping = true;
      if (current === undefined || current.exitCode !== null || current.signalCode !== null) gone();
      else send({ kind: 'stop' });
      return hasGone;
    },
    kill: () => current?.kill('SIGKILL'),
  };
}

function reportDeath(
  role: ChildRole,
  code: number | null,
  signal: string | null,
  pauseMs: number,
): void {
  const fields = { level: 50, process: 'ingest', role, code, signal, pauseMs };
  process.stderr.write(
    `${JSON.stringify({ ...fields, msg: 'a process died and is started again' })}\n`,
  );
}
