import { mkdirSync } from 'node:fs';
import { systemClock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';
import type { Config } from '../config/config.ts';
import { type Role, roles } from '../node/role.ts';
import { banner } from './banner.ts';
import { type Child, createChild } from './child.ts';

/** Started together; stopped in this order, so that what was accepted is still processed and seen. */
const stopOrder: readonly Role[] = ['ingest', 'worker', 'control'];

/**
 * Runs a node: its processes, the bus between them, their restarts, one graceful stop. Resolves with
 * the exit code. The supervisor holds no data: killed alone, its children stop by themselves.
 */
export function supervise(config: Config): Promise<number> {
  process.title = 'tributary';
  mkdirSync(config.data, { recursive: true });
  const clock = systemClock;
  return new Promise((resolve) => {
    const children = new Map<Role, Child>();
    let stopping = false;
    let announced = false;

    const relay = (from: Role, message: Parameters<Child['send']>[0]) => {
      for (const [role, child] of children) if (role !== from) child.send(message);
    };
    const tellParts = () => {
      const parts = Object.fromEntries([...children].map(([role, child]) => [role, child.part()]));
      for (const child of children.values()) {
        child.send({ kind: 'publish', topic: 'parts', payload: parts });
      }
    };
    const announce = () => {
      if (announced || ![...children.values()].every((child) => child.part().state === 'running')) {
        return;
      }
      announced = true;
      const shown = Object.assign({}, ...[...children.values()].map((child) => child.banner()));
      process.stdout.write(banner(config, shown));
    };
    const stop = async (code: number) => {
      if (stopping) return;
      stopping = true;
      const cancel = clock.after(limits.stopMs, () => {
        for (const child of children.values()) child.kill();
      });
      for (const role of stopOrder) await children.get(role)?.stop();
      cancel();
      resolve(code);
    };

    for (const role of roles) {
      children.set(
        role,
        createChild({
          role,
          config,
          clock,
          onMessage: (message) => {
            if (message.kind === 'publish') relay(role, message);
          },
          onChange: () => {
            tellParts();
            announce();
          },
          onCannotStart: (message) => {
            // Once it has served, a part that cannot start is tried again: the cause may pass.
            if (announced) return;
            process.stderr.write(`tributary: ${message}\n`);
            void stop(1);
          },
        }),
      );
    }
    process.on('SIGTERM', () => void stop(0));
    process.on('SIGINT', () => void stop(0));
    for (const child of children.values()) child.start();
  });
}
