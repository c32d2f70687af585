import { flushCompileCache } from 'node:module';
import { systemClock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { compose } from '../compose.ts';
import type { Config } from '../config/config.ts';
import { answer } from './ask.ts';
import type { FromChild, ToChild } from './child-messages.ts';
import { createIpcBus, type IpcBus } from './ipc-bus.ts';
import { newestOnly } from './newest-only.ts';
import { createNodeContext } from './node-context.ts';
import type { ChildName } from './process-name.ts';
import { returnStartMemory, settledMs } from './return-start-memory.ts';
import type { RunningProcess } from './running-process.ts';
import { mayPass } from './start-failure.ts';

/**
 * The body of a child process: takes its configuration from its parent, runs the process until told to stop,
 * or until the parent is gone. Signals are the parent's matter: one sent to the whole group must not
 * stop the parts out of order.
 */
export function runChild(name: ChildName): void {
  process.title = `tributary ${name}`;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, ignore);
  const bus = createIpcBus(send);
  let running: Promise<RunningProcess> | undefined;
  const stop = () => {
    // Nobody kills an orphan, and its successor waits for the logs that it holds.
    systemClock.after(limits.stopMs, () => process.exit(1));
    void stopChild(running).then((code) => process.exit(code));
  };
  process.on('disconnect', stop);
  process.on('message', (message: ToChild) => {
    if (message.kind === 'start') running = start(name, message.config, bus);
    else if (message.kind === 'publish') bus.deliver(message.topic, message.payload);
    else stop();
  });
}

async function start(name: ChildName, config: Config, bus: IpcBus): Promise<RunningProcess> {
  const context = createNodeContext(name, config, bus);
  const { logger, registry } = context;
  try {
    const running = await compose(name, context);
    answer(bus, 'metrics', async () => {
      const registries = [registry, ...(running.registries?.() ?? [])];
      return plain(await Promise.all(registries.map((one) => one.getMetricsAsJSON())));
    });
    answer(bus, 'health', () => Promise.resolve({ [name]: running.health() }));
    send({ kind: 'ready', banner: running.banner });
    // A process that is killed never writes its compile cache, and the next start would be slow.
    flushCompileCache();
    systemClock.after(settledMs, returnStartMemory);
    return running;
  } catch (error) {
    if (!(error instanceof TributaryError)) throw error;
    logger.error({ err: error }, `the ${name} process cannot start`);
    if (!mayPass(error)) send({ kind: 'failed', message: error.message });
    // Not thrown: it is known, and a stack would hide the line above. The channel is emptied first.
    await new Promise((resolve) => setImmediate(resolve));
    process.exit(1);
  }
}

async function stopChild(running: Promise<RunningProcess> | undefined): Promise<number> {
  try {
    await (await running)?.stop();
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
}

const send = newestOnly((message: FromChild, left) => {
  // After the parent is gone there is nobody to tell; `disconnect` stops this process.
  if (process.connected) process.send?.(message, left);
  else left();
});

/** Metric objects hold accessors and undefined; the channel takes plain JSON. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function ignore(): void {}
