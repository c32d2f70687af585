import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import type { LogEngine } from '../core/event-log.ts';
import { silentLogger } from '../core/logger.ts';
import { recordKinds } from '../core/records.ts';
import { createMemoryKeySet } from '../storage/keys/memory-key-set.ts';
import { openFileLogEngine } from '../storage/log/file/open-file-log-engine.ts';
import { idsOf, type Rig, startRig } from './testing/process-rig.ts';

interface Life {
  readonly rig: Rig;
  readonly engine: LogEngine;
}

async function live(dir: string): Promise<Life> {
  const engine = await openFileLogEngine({ dir, clock: systemClock, logger: silentLogger });
  const rig = await startRig({ engine, openKeys: async () => createMemoryKeySet() });
  return { rig, engine };
}

async function end({ rig, engine }: Life): Promise<void> {
  await rig.stop();
  await engine.close();
}

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'tributary-log-'));
  t.after(() => rmSync(dir, { recursive: true }));
  return dir;
}

const send = async (rig: Rig, from: number, to: number) => {
  for (let n = from; n < to; n++) {
    await rig.send({ userId: 'u', event: 'E', messageId: `m${n}`, properties: { n } });
  }
  await rig.caughtUp();
};
const ids = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `m${from + n}`);

test('accepted cut below what events has seen: nothing acknowledged later is lost or doubled', async (t) => {
  const dir = folder(t);
  const first = await live(dir);
  await send(first.rig, 0, 40);
  await end(first);
  const accepted = join(dir, 'accepted-0');
  for (const name of readdirSync(accepted)) {
    const path = join(accepted, name);
    if (statSync(path).size > 4_096) truncateSync(path, 2_000);
  }

  const second = await live(dir);
  const reader = await second.engine.openReader('accepted', 0);
  const left = await reader.count(0, second.rig.accepted.end, 'src_1', [recordKinds.request]);
  assert.ok(left < 40, 'something was cut');
  await reader.close();
  await send(second.rig, 40, 60);
  await send(second.rig, 35, 45);
  assert.deepEqual(await idsOf(second.engine), ids(0, 60));
  await end(second);
});

test('after a restart on the file log only what is new is processed', async (t) => {
  const dir = folder(t);
  const first = await live(dir);
  await send(first.rig, 0, 10);
  await end(first);
  const second = await live(dir);
  assert.deepEqual(second.rig.warnings, []);
  await send(second.rig, 5, 15);
  assert.deepEqual(await idsOf(second.engine), ids(0, 15));
  await end(second);
});
