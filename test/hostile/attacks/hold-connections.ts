import { connect, type Socket } from 'node:net';
import type { Attack, AttackCounts } from './attack.ts';

/** Where the connections of an attack come from: a crowd, as far as loopback has one. */
const addresses = Array.from({ length: 8 }, (_, index) => `127.0.1.${index + 1}`);
const tickMs = 50;
/** Each connection drips once in so many ticks: once a second. */
const ticksPerDrip = 20;

export interface RunningAttack {
  counts(): AttackCounts;
  stop(): void;
}

/** Opens the connections of an attack on a port of 127.0.0.1, and others for those that are closed. */
export function holdConnections(port: number, attack: Attack): RunningAttack {
  const open = new Set<Socket>();
  const statuses: Record<string, number> = {};
  let opened = 0;
  let closed = 0;

  const openOne = () => {
    const localAddress = addresses[opened % addresses.length];
    const socket = connect({ port, host: '127.0.0.1', ...(localAddress && { localAddress }) });
    opened++;
    open.add(socket);
    socket.on('connect', () => attack.begin(socket));
    if (attack.answered !== undefined) {
      socket.on('data', (chunk) => {
        for (const [, status = ''] of chunk.toString('latin1').matchAll(/HTTP\/1\.1 (\d{3})/g)) {
          statuses[status] = (statuses[status] ?? 0) + 1;
        }
        attack.answered?.(socket);
      });
    }
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open.delete(socket);
      closed++;
    });
  };
  let ticks = 0;
  const tick = () => {
    const most = Math.ceil((attack.perSecond * tickMs) / 1_000);
    const missing = Math.min(most, attack.connections - open.size);
    for (let count = 0; count < missing; count++) openOne();
    ticks++;
    if (attack.drip === undefined) return;
    // Not all at once: that would be a burst, not a drip.
    let place = 0;
    for (const socket of open) {
      const isDue = place++ % ticksPerDrip === ticks % ticksPerDrip;
      if (isDue && socket.writable && !socket.connecting) attack.drip(socket);
    }
  };
  const timer = setInterval(tick, tickMs);
  tick();
  return {
    counts: () => ({ opened, open: open.size, closed, statuses: { ...statuses } }),
    stop: () => {
      clearInterval(timer);
      for (const socket of open) socket.resetAndDestroy();
    },
  };
}
