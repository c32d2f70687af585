import { mkdirSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import type { BusTopic } from '../../core/bus.ts';
import { systemClock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import { logNames } from '../../core/event-log.ts';
import type { Json } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { composeIngest } from '../compose/ingest.ts';
import { type Config, maskedConfig } from '../config/config.ts';
import { childrenOf } from '../node/children-of.ts';
import { createIpcBus } from '../node/ipc-bus.ts';
import { createNodeContext } from '../node/node-context.ts';
import { type ChildName, childNames } from '../node/process-name.ts';
import { returnStartMemory, settledMs } from '../node/return-start-memory.ts';
import type { RunningProcess } from '../node/running-process.ts';
import { mayPass } from '../node/start-failure.ts';
import { banner } from './banner.ts';
import { Child } from './child.ts';
import { lockDataFolder } from './lock-data-folder.ts';
import { onOrphaned } from './on-orphaned.ts';

/** Exit code of a node that cannot start as it is configured: starting it again would not help. */
const cannotStart = 78;
/** Of one that is to be started again. */
const crashed = 1;

/**
 * Runs a node: ingest in this process, which so owns the port and answers even while the others
 * start, and the other processes as its children: their restarts, the bus between all, one graceful
 * stop in the order in which events flow. Resolves with the exit code. This process itself is started
 * again by the script that started it; its children stop by themselves when it is gone.
 */
export function runNode(config: Config, restarts: number): Promise<number> {
  process.title = 'tributary ingest';
  makeDataFolder(config.data);
  return new Node(config, restarts).run();
}

class Node {
  readonly #config: Config;
  readonly #restarts: number;
  readonly #clock = systemClock;
  readonly #children: ReadonlyMap<ChildName, Child>;
  readonly #bus = createIpcBus((message) => {
    if (message.kind === 'publish') this.#tellChildren(message.topic, message.payload);
  });
  readonly #exited = Promise.withResolvers<number>();
  #ingest: RunningProcess | undefined;
  #announced = false;
  #stopping = false;

  constructor(config: Config, restarts: number) {
    this.#config = config;
    this.#restarts = restarts;
    this.#children = new Map(childrenOf(config).map((name) => [name, this.#child(name)]));
  }

  run(): Promise<number> {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => this.#stop(0));
    onOrphaned(this.#clock, () => this.#stop(0));
    this.#start().catch((error: unknown) => {
      if (!(error instanceof TributaryError)) throw error;
      this.#refuse(error.message, mayPass(error) ? crashed : cannotStart);
    });
    return this.#exited.promise;
  }

  async #start(): Promise<void> {
    await lockDataFolder(this.#config.data, this.#clock);
    if (this.#stopping) return;
    for (const child of this.#children.values()) child.start();
    const context = createNodeContext('ingest', this.#config, this.#bus);
    context.logger.info({ config: maskedConfig(this.#config) }, 'starting');
    const running = await composeIngest(context);
    this.#ingest = running;
    if (this.#stopping) await running.stop();
    else this.#onChange();
  }

  #child(name: ChildName): Child {
    return new Child({
      name,
      config: this.#config,
      clock: this.#clock,
      onPublish: (topic, payload) => {
        this.#bus.deliver(topic, payload);
        this.#tellChildren(topic, payload, name);
      },
      // What grew before it was heard to listen would not wake it: it is told once in any case.
      onSubscribe: (topic) => {
        if (topic === 'wake') this.#children.get(name)?.publish('wake', logNames.accepted);
      },
      onChange: () => this.#onChange(),
      // Once it has served, a part that cannot start is tried again: the cause may pass.
      onCannotStart: (message) => {
        if (!this.#announced) this.#refuse(message, cannotStart);
      },
    });
  }

  #tellChildren(topic: BusTopic, payload: Json, except?: ChildName): void {
    for (const [name, child] of this.#children) {
      if (name !== except) child.publish(topic, payload);
    }
  }

  #onChange(): void {
    this.#tellParts();
    const children = [...this.#children.values()];
    const allRun = this.#ingest && children.every(({ part }) => part.state === 'running');
    if (this.#announced || !this.#ingest || !allRun) return;
    this.#announced = true;
    const shown = Object.assign({ ...this.#ingest.banner }, ...children.map((one) => one.banner));
    process.stdout.write(banner(this.#config, shown));
    // A process that is killed never writes its compile cache, and the next start would be slow.
    flushCompileCache();
    this.#clock.after(settledMs, returnStartMemory);
  }

  #tellParts(): void {
    const state = this.#ingest ? 'running' : 'starting';
    const ingest = { state, restarts: this.#restarts, pid: process.pid };
    const parts = Object.fromEntries([...this.#children].map(([name, { part }]) => [name, part]));
    const payload = { ingest, ...parts };
    this.#bus.deliver('parts', payload);
    this.#bus.publish('parts', payload);
  }

  #refuse(message: string, code: number): void {
    process.stderr.write(`tributary: ${message}\n`);
    this.#stop(code);
  }

  #stop(code: number): void {
    if (this.#stopping) return;
    this.#stopping = true;
    const cancel = this.#clock.after(limits.stopMs, () => {
      for (const child of this.#children.values()) child.kill();
      this.#exited.resolve(code);
    });
    void this.#stopAll().then(() => {
      cancel();
      this.#exited.resolve(code);
    });
  }

  async #stopAll(): Promise<void> {
    await this.#ingest?.stop();
    for (const name of childNames) await this.#children.get(name)?.stop();
  }
}

/** It holds what people did, and secrets of destinations: made for its owner alone. */
function makeDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const message = `TRIBUTARY_DATA: the folder ${path} cannot be made`;
    throw new TributaryError('config_invalid', message, { cause });
  }
}
