import { randomBytes } from 'node:crypto';
import { systemClock } from '../../src/core/clock.ts';
import type { LogWriter } from '../../src/core/event-log.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { Registry } from '../../src/core/prometheus.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { createIngest } from '../../src/ingest/create-ingest.ts';

// <port> <write key>: parse and validate only. The product's own ingest, with a log that keeps
// nothing and resolves at once.
const [, , port, writeKey = ''] = process.argv;

const nothing: LogWriter = {
  append: () => Promise.resolve(1),
  end: 1,
  mark: 0,
  close: () => Promise.resolve(),
};

const snapshot: Snapshot = {
  version: 1,
  workspace: { id: 'w', slug: 'w', name: 'w' },
  sources: [{ id: 's', slug: 's', name: 's', enabled: true, writeKeys: [writeKey], limits: {} }],
  connections: [],
  replays: [],
};

const ingest = createIngest({
  snapshot: { current: snapshot, subscribe: () => () => undefined },
  writers: [nothing],
  hasRoom: () => true,
  clock: systemClock,
  randomHex: (bytes) => randomBytes(bytes).toString('hex'),
  logger: silentLogger,
  registry: new Registry(),
  requestsPerSecond: 0,
  forward: { socketPath: '/nowhere' },
  health: async () => ({ ok: true, parts: {} }),
  metricsText: async () => '',
});
ingest.server.listen(Number(port), '127.0.0.1');
