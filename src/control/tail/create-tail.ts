import type { Clock } from '../../core/clock.ts';
import type { LogEngine } from '../../core/event-log.ts';
import type { Logger } from '../../core/logger.ts';
import { Gauge, type Registry } from '../../core/prometheus.ts';
import { recordKinds } from '../../core/records.ts';
import type { EventStream } from '../public-api/frame/event-stream.ts';
import { LogFollower, type LogFollowerOptions } from './log-follower.ts';
import { showAccepted } from './show-accepted.ts';
import { showOutcome } from './show-outcome.ts';
import type { Tail } from './tail.ts';
import { TailChannel } from './tail-channel.ts';
import { TailViewer } from './tail-viewer.ts';

export interface TailDeps {
  readonly logs: LogEngine;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** The sources that are watched from now on. */
  watch(sources: readonly string[]): void;
}

const tickMs = 1_000;
const heartbeatTicks = 15;

/**
 * The live tail: reads the ends of `accepted`, `events` and `results` while there is a viewer, and
 * holds no reader and no timer while there is none.
 */
export function createTail(deps: TailDeps): Tail {
  const { clock, logger, registry, watch } = deps;
  const channels = new Map<string, TailChannel>();
  let following: Promise<readonly LogFollower[]> | undefined;
  let running: readonly LogFollower[] = [];
  let viewers = 0;
  let ticks = 0;
  let cancelTick: (() => void) | undefined;
  let closed = false;
  const gauge = new Gauge({
    name: 'tributary_tail_viewers',
    help: 'Viewers of live tails.',
    registers: [registry],
  });

  /** Readers at the ends of the logs, for all viewers; opened once until nobody watches. */
  function follow(): Promise<readonly LogFollower[]> {
    following ??= openFollowers().catch((error: unknown) => {
      following = undefined;
      throw error;
    });
    return following;
  }

  async function openFollowers(): Promise<readonly LogFollower[]> {
    const followers = followersOf(deps, channels);
    try {
      await Promise.all(followers.map((follower) => follower.open()));
    } catch (error) {
      await Promise.all(followers.map((follower) => follower.close()));
      throw error;
    }
    running = followers;
    for (const follower of followers) follower.run().catch(fail);
    return followers;
  }

  function fail(error: unknown): void {
    logger.error({ err: error }, 'the live tail cannot read a log');
    endAll();
  }

  /** Nobody watches: everything that costs is given back. */
  function rest(): void {
    cancelTick?.();
    cancelTick = undefined;
    const ending = following;
    following = undefined;
    running = [];
    ending
      ?.then((followers) => Promise.all(followers.map((follower) => follower.close())))
      .catch((error: unknown) => logger.error({ err: error }, 'a log reader did not close'));
  }

  function tick(): void {
    ticks += 1;
    const heartbeat = ticks % heartbeatTicks === 0;
    for (const channel of channels.values()) {
      for (const viewer of channel.viewers) {
        viewer.reportSkipped();
        if (heartbeat) viewer.heartbeat();
      }
    }
    // Said again for a worker that was restarted meanwhile.
    if (heartbeat) watch([...channels.keys()]);
    cancelTick = clock.after(tickMs, tick);
  }

  function remove(sourceId: string, viewer: TailViewer): void {
    const channel = channels.get(sourceId);
    if (channel === undefined || !channel.viewers.delete(viewer)) return;
    viewers -= 1;
    gauge.set(viewers);
    if (channel.viewers.size > 0) return;
    channels.delete(sourceId);
    watch([...channels.keys()]);
    if (viewers === 0) rest();
  }

  function endAll(): void {
    for (const channel of channels.values()) {
      for (const viewer of channel.viewers) viewer.end();
    }
  }

  return {
    prepare: async () => {
      if (!closed) await follow();
    },
    add: (sourceId, stream: EventStream) => {
      if (closed) {
        stream.end();
        return;
      }
      const viewer = new TailViewer(stream);
      const channel = channels.get(sourceId) ?? new TailChannel(clock);
      channel.viewers.add(viewer);
      viewers += 1;
      gauge.set(viewers);
      if (!channels.has(sourceId)) {
        channels.set(sourceId, channel);
        watch([...channels.keys()]);
      }
      cancelTick ??= clock.after(tickMs, tick);
      // The last of the others may have left since `prepare`.
      follow().catch(fail);
      viewer.heartbeat();
      stream.onClose(() => remove(sourceId, viewer));
    },
    wake: (log) => {
      for (const follower of running) if (follower.log === log) follower.wake();
    },
    close: async () => {
      closed = true;
      endAll();
      const followers = (await following) ?? [];
      rest();
      await Promise.all(followers.map((follower) => follower.close()));
    },
  };
}

function followersOf(
  { logs, clock }: TailDeps,
  channels: ReadonlyMap<string, TailChannel>,
): LogFollower[] {
  const common = {
    logs,
    clock,
    sources: () => [...channels.keys()],
    onSkipped: (source: string, count: number) => channels.get(source)?.skip(count),
  };
  const { discard, delivered, retrying, request } = recordKinds;
  const follow = (
    log: 'accepted' | 'events' | 'results',
    show: typeof showOutcome,
    kinds: Pick<LogFollowerOptions, 'only' | 'counted'>,
  ) =>
    Array.from(
      { length: logs.partitions },
      (_, partition) =>
        new LogFollower({
          ...common,
          ...kinds,
          log,
          partition,
          onRecord: (record) => {
            const channel = channels.get(record.source);
            if (channel !== undefined) show(record, channel);
          },
        }),
    );
  return [
    ...follow('accepted', showAccepted, { counted: [request] }),
    ...follow('events', showOutcome, { only: [discard], counted: [discard] }),
    ...follow('results', showOutcome, { counted: [discard, delivered, retrying] }),
  ];
}
