import { join } from 'node:path';
import { recordKinds } from '../src/core/records.ts';
import { firstSource } from '../test/rig/api.ts';
import { eventually } from '../test/rig/eventually.ts';
import { type Server, startServer } from '../test/rig/server.ts';
import { withEventsReader } from './events-reader.ts';
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
        const found = await withEventsReader(join(folder, 'data'), async (events) =>
          events.count(await events.start(), await events.end(), source, [recordKinds.event]),
        );
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
