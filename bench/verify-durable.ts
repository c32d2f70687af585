import { join } from 'node:path';
import { systemClock } from '../src/core/clock.ts';
import { silentLogger } from '../src/core/logger.ts';
import { recordKinds } from '../src/core/records.ts';
import { openLogEngine } from '../src/storage/open-log-engine.ts';
import { firstSource } from '../test/rig/api.ts';
import { eventually } from '../test/rig/eventually.ts';
import { type Server, startServer } from '../test/rig/server.ts';
import { type Finding, finding } from './finding.ts';

/**
 * Kills the server with SIGKILL, starts it on the same data, lets it catch up and counts the events
 * in its log: as many as were acknowledged must be there (and at most those that were under way when
 * a slot ended besides).
 */
export async function verifyDurable(server: Server, acknowledged: number): Promise<Finding> {
  const source = await firstSource(server);
  await server.kill();
  const { folder, port } = server;
  const again = await startServer({ folder, port, env: { TRIBUTARY_LOG_LEVEL: 'warn' } });
  try {
    const count = await eventually(
      `${acknowledged} acknowledged events are in the log`,
      async () => {
        const found = await countEvents(join(folder, 'data', 'log'), source);
        return found >= acknowledged && found;
      },
      { within: 300_000, every: 1_000 },
    );
    return finding('events in the log after kill -9 / acknowledged', '', [count / acknowledged], {
      bar: { atLeast: 1 },
    });
  } finally {
    await again.kill();
  }
}

async function countEvents(folder: string, source: string): Promise<number> {
  const engine = await openLogEngine(`file:${folder}`, {
    clock: systemClock,
    logger: silentLogger,
    room: { ratio: 0, bytes: 0 },
  });
  const reader = await engine.openReader('events', 0);
  try {
    const [from, to] = [await reader.start(), await reader.end()];
    return await reader.count(from, to, source, [recordKinds.event]);
  } finally {
    await reader.close();
    await engine.close();
  }
}
