import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventLogConformance } from '../../../core/event-log.conformance.ts';
import { silentLogger } from '../../../core/logger.ts';
import { openFileLogEngine } from './open-file-log-engine.ts';

for (const fileBytes of [4096, 16384]) {
  eventLogConformance(`the file log (files of ${fileBytes} bytes)`, async (clock) => {
    const dir = await mkdtemp(join(tmpdir(), 'tributary-log-'));
    const open = () =>
      openFileLogEngine({
        dir,
        clock,
        logger: silentLogger,
        lockWaitMs: 0,
        fileBytes,
      });
    let engine = await open();
    return {
      engine,
      reopen: async () => {
        await engine.close();
        engine = await open();
        return engine;
      },
      cleanup: async () => {
        await engine.close();
        await rm(dir, { recursive: true });
      },
    };
  });
}
