import type { Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';
import { Counter, Gauge, type Registry } from '../../core/prometheus.ts';
import type { Answers } from '../answers.ts';
import type { InFlight } from '../in-flight.ts';
import type { IngestCounters } from '../ingest-counters.ts';
import { linger } from '../linger.ts';
import { problems } from '../problems.ts';
import { rawAnswer } from '../wire-errors.ts';
import { clientBlock } from './client-block.ts';
import { type Connection, OpenConnections } from './open-connections.ts';
import { SlowExchanges } from './slow-exchanges.ts';

export interface ConnectionBounds {
  /** Connections open at once. */
  readonly total: number;
  /** Of one client address; 0 is no bound. */
  readonly perAddress: number;
}

export interface ConnectionDeps {
  readonly answers: Answers;
  readonly inFlight: InFlight;
  readonly counters: IngestCounters;
  readonly clock: Clock;
  readonly registry: Registry;
  /** A proxy of ours: behind its address stand many clients. */
  readonly isProxy: (address: string) => boolean;
}

/** Why the server closes a connection. */
type Reason = 'stranger' | 'kept' | 'slow' | 'unread' | 'pipeline';

/**
 * Bounds the connections of a listener, whatever is spoken on them. One address alone cannot take them
 * all. When they are all taken, those that never had an answer make room, the oldest first; then those
 * that have been idle for a while; then those whose client has for a while been sending one request, or not
 * reading one answer. A request that has arrived is never broken off. What cannot be let in is told so and closed.
 * Requests cost nothing for it: what connections do is looked at now and then.
 */
export class Connections {
  readonly #bounds: ConnectionBounds;
  readonly #deps: ConnectionDeps;
  readonly #open = new OpenConnections();
  readonly #slow: SlowExchanges;
  readonly #refused: Counter;
  readonly #closed: Counter;
  #cancel: () => void;
  #lingering = 0;
  /** Until then nothing is looked for that could make room. */
  #fullUntil = 0;

  constructor(bounds: ConnectionBounds, deps: ConnectionDeps) {
    this.#bounds = bounds;
    this.#deps = deps;
    this.#slow = new SlowExchanges(deps.inFlight, (socket) => this.cut(socket, 'unread'));
    this.#cancel = this.#lookLater();
    const registers = [deps.registry];
    const open = () => this.#open.size;
    new Gauge({
      name: 'tributary_ingest_connections',
      help: 'Connections of clients that are open.',
      registers,
      collect() {
        this.set(open());
      },
    });
    this.#refused = new Counter({
      name: 'tributary_ingest_connections_refused_total',
      help: 'Connections answered `too_many_connections`, by the bound that was reached: `total` or `address`.',
      labelNames: ['bound'],
      registers,
    });
    this.#closed = new Counter({
      name: 'tributary_ingest_connections_closed_total',
      help: 'Connections that the server closed: to make room `stranger` (never answered), `kept` (idle) and `slow` ones (a request or answer under way for long); at any time `unread` ones, whose client takes no answers, and `pipeline`, too many requests behind one another.',
      labelNames: ['reason'],
      registers,
    });
  }

  /** Stands before everything else that the server does with a connection. */
  guard(server: Server | HttpsServer, speaksTls: boolean): void {
    const listeners = server.listeners('connection');
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      if (!this.#admit(socket, speaksTls)) return;
      for (const listener of listeners) listener.call(server, socket);
    });
    if (speaksTls) server.on('secureConnection', (socket: Socket) => this.#open.speaks(socket));
  }

  /** Closes the connection under an exchange at once. */
  cut(socket: Duplex, reason: Reason): void {
    const connection = this.#open.of(socket);
    if (connection === undefined) socket.destroy();
    else this.#close(connection, reason);
  }

  close(): void {
    this.#cancel();
  }

  #lookLater(): () => void {
    const { clock } = this.#deps;
    return clock.after(limits.slowCheckMs, () => {
      this.#open.look(clock.monotonic());
      this.#slow.look(clock.monotonic());
      this.#cancel = this.#lookLater();
    });
  }

  #admit(socket: Socket, speaksTls: boolean): boolean {
    const { total, perAddress } = this.#bounds;
    const client = clientBlock(socket.remoteAddress);
    // It has gone already.
    if (client === undefined) return true;
    const isCounted = perAddress > 0 && !this.#deps.isProxy(client.address);
    const block = isCounted ? client.name : undefined;
    if (block !== undefined && this.#open.count(block) >= perAddress) {
      this.#refuse(socket, 'address', speaksTls);
      return false;
    }
    if (this.#open.size >= total && !this.#makeRoom()) {
      this.#refuse(socket, 'total', speaksTls);
      return false;
    }
    const speaker = speaksTls ? undefined : socket;
    const answeredAt = this.#deps.clock.monotonic();
    this.#open.add({ socket, block, speaker, answered: 0, answeredAt });
    return true;
  }

  #refuse(socket: Socket, bound: 'total' | 'address', speaksTls: boolean): void {
    const { answers, clock, counters } = this.#deps;
    const problem = problems.tooManyConnections;
    this.#refused.inc({ bound });
    counters.fail(problem.code);
    socket.on('error', () => undefined);
    // Before a handshake there is no way to say anything.
    if (speaksTls) return void socket.resetAndDestroy();
    const answer = rawAnswer(problem, answers.standardRate);
    if (this.#lingering < limits.refusedLingering) {
      this.#lingering++;
      socket.once('close', () => this.#lingering--);
      linger(socket, clock, answer);
    } else {
      socket.once('finish', () => socket.destroy());
      socket.end(answer);
    }
  }

  /** Closes a share of the connections at once, so that not every new one looks for some. */
  #makeRoom(): boolean {
    const { clock, inFlight } = this.#deps;
    const now = clock.monotonic();
    if (now < this.#fullUntil) return false;
    const most = Math.ceil(this.#bounds.total * limits.evictedShare);
    const until = now - limits.slowMs;
    const busy = inFlight.sockets;
    const gone =
      this.#closeAll(this.#open.strangers(busy, most), 'stranger') ||
      this.#closeAll(this.#open.kept(busy, until, most), 'kept') ||
      this.#closeAll(this.#slowOnes(until, most), 'slow');
    if (!gone) this.#fullUntil = now + limits.fullMs;
    return gone;
  }

  #slowOnes(until: number, most: number): Connection[] {
    const sockets = new Set(this.#slow.sockets(until));
    return [...sockets].flatMap((socket) => this.#open.of(socket) ?? []).slice(0, most);
  }

  #closeAll(connections: readonly Connection[], reason: Reason): boolean {
    for (const connection of connections) this.#close(connection, reason);
    return connections.length > 0;
  }

  /** Without a farewell: whoever takes no answers would keep that waiting, too. */
  #close({ socket }: Connection, reason: Reason): void {
    if (socket.destroyed) return;
    this.#closed.inc({ reason });
    socket.resetAndDestroy();
  }
}
