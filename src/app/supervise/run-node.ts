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
import { createIpcBus } from '../node/ipc-bus.ts';
import { createNodeContext } from '../node/node-context.ts';
import { type ChildRole, childRoles } from '../node/role.ts';
import type { RunningRole } from '../node/running-role.ts';
import { mayPass } from '../node/start-failure.ts';
import { banner } from './banner.ts';
import { type Child, createChild } from './child.ts';
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
  const clock = systemClock;
  return new Promise((resolve) => {
    const children = new Map<ChildRole, Child>();
    let ingest: RunningRole | undefined;
    let announced = false;
    let stopping = false;

    const bus = createIpcBus((message) => {
      if (message.kind !== 'publish') return;
      for (const child of children.values()) child.publish(message.topic, message.payload);
    });
    const tellParts = () => {
      const own = { state: ingest ? 'running' : 'starting', restarts, pid: process.pid };
      const parts = Object.fromEntries([...children].map(([role, child]) => [role, child.part()]));
      const payload = { ingest: own, ...parts };
      bus.deliver('parts', payload);
      bus.publish('parts', payload);
    };
    const onChange = () => {
      tellParts();
      const all = [...children.values()];
      if (announced || !ingest || !all.every(({ part }) => part().state === 'running')) return;
      announced = true;
      process.stdout.write(
        banner(config, Object.assign({ ...ingest.banner }, ...all.map((child) => child.banner()))),
      );
      // A process that is killed never writes its compile cache, and the next start would be slow.
      flushCompileCache();
    };
    const stop = async (code: number) => {
      if (stopping) return;
      stopping = true;
      const cancel = clock.after(limits.stopMs, () => {
        for (const child of children.values()) child.kill();
        resolve(code);
      });
      await ingest?.stop();
      for (const role of childRoles) await children.get(role)?.stop();
      cancel();
      resolve(code);
    };
    const refuse = (message: string, code: number = cannotStart) => {
      process.stderr.write(`tributary: ${message}\n`);
      void stop(code);
    };

    for (const role of childRoles) {
      const onPublish = (topic: BusTopic, payload: Json) => {
        bus.deliver(topic, payload);
        for (const [other, child] of children) if (other !== role) child.publish(topic, payload);
      };
      // What grew before it was heard to listen would not wake it: it is told once in any case.
      const onSubscribe = (topic: BusTopic) => {
        if (topic === 'wake') children.get(role)?.publish('wake', logNames.accepted);
      };
      // Once it has served, a part that cannot start is tried again: the cause may pass.
      const onCannotStart = (message: string) => {
        if (!announced) refuse(message);
      };
      const heard = { onPublish, onSubscribe, onChange, onCannotStart };
      children.set(role, createChild({ role, config, clock, ...heard }));
    }
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => void stop(0));
    onOrphaned(clock, () => void stop(0));
    for (const child of children.values()) child.start();

    const context = createNodeContext('ingest', config, bus);
    context.logger.info({ config: maskedConfig(config) }, 'starting');
    composeIngest(context).then(
      (running) => {
        ingest = running;
        if (stopping) void running.stop();
        else onChange();
      },
      (error: unknown) => {
        if (!(error instanceof TributaryError)) throw error;
        refuse(error.message, mayPass(error) ? crashed : cannotStart);
      },
    );
  });
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
