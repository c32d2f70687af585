import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Answer, loopbackServer } from '../../core/testing/loopback-server.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import type { IngestDeps } from '../create-ingest.ts';
import { type IngestRig, startIngest } from './ingest-rig.ts';

/** An ingest before a control plane that answers with `listener`. */
export async function beforeControl(
  test: TestContext,
  listener: Answer,
  deps: Partial<IngestDeps> = {},
): Promise<IngestRig> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-control-'));
  const socketPath = join(folder, 'control.sock');
  const control = await loopbackServer(listener, socketPath);
  const engine = await openMemoryLogEngine({ clock: new ManualClock() });
  const rig = await startIngest(test, engine, { forward: { socketPath }, ...deps });
  test.after(async () => {
    await control.close();
    await rm(folder, { recursive: true, force: true });
  });
  return rig;
}
