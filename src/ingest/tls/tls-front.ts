import type { ServerOptions } from 'node:http';
import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';
import { Counter, type Registry } from '../../core/prometheus.ts';
import type { Answers } from '../answers.ts';
import { problem } from '../problem.ts';
import { rawAnswer } from '../wire-errors.ts';

/** A certificate with its chain, and its private key: PEM. */
export interface TlsCredentials {
  readonly cert: string;
  readonly key: string;
}

const plainHttp = problem('https_required', 'This port speaks https: use https:// in the address');
/** First byte of a TLS handshake record (RFC 8446 §5.1). */
const handshakeRecord = 22;

/**
 * Makes https servers that answer plain http in words a person can read, rather than with a TLS alert.
 * That is seen by the first byte of a connection; requests cost nothing for it.
 */
export class TlsFront {
  #credentials: TlsCredentials;
  readonly #clock: Clock;
  readonly #answers: Answers;
  readonly #failures: Counter;
  readonly #servers: Server[] = [];
  /** Every open connection, whether or not it has got as far as a request. */
  readonly #sockets = new Set<Socket>();

  constructor(credentials: TlsCredentials, clock: Clock, answers: Answers, registry: Registry) {
    this.#credentials = credentials;
    this.#clock = clock;
    this.#answers = answers;
    this.#failures = new Counter({
      name: 'tributary_tls_handshake_failures_total',
      help: 'Connections to an https port that ended before a request: no TLS, none of our versions, or not in time.',
      registers: [registry],
    });
  }

  /** An https server; like all that this front made, it follows `renew`. */
  createServer(options: ServerOptions): Server {
    // A node that speaks plain http never loads TLS: that is 15 MB.
    const server = process.getBuiltinModule('node:https').createServer({
      ...options,
      ...this.#credentials,
      minVersion: 'TLSv1.2',
      handshakeTimeout: limits.tlsHandshakeMs,
    });
    const listeners = server.listeners('connection');
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      this.#decide(socket, () => {
        for (const listener of listeners) listener.call(server, socket);
      });
    });
    // A failed handshake is no HTTP request: there is nobody to answer.
    server.removeAllListeners('tlsClientError');
    server.on('tlsClientError', (_error: Error, socket: TLSSocket) => {
      this.#failures.inc();
      socket.destroy();
    });
    this.#servers.push(server);
    return server;
  }

  /** Connections from now on get these; those that are open stay as they are. */
  renew(credentials: TlsCredentials): void {
    this.#credentials = credentials;
    for (const server of this.#servers) {
      server.setSecureContext({ ...credentials, minVersion: 'TLSv1.2' });
    }
  }

  /** Closes what is open still. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #decide(socket: Socket, speaksTls: () => void): void {
    const ignore = () => undefined;
    const cancel = this.#clock.after(limits.tlsHandshakeMs, () => {
      this.#failures.inc();
      socket.destroy();
    });
    this.#sockets.add(socket);
    socket.once('close', () => {
      cancel();
      this.#sockets.delete(socket);
    });
    socket.on('error', ignore);
    socket.once('data', (first: Buffer) => {
      socket.pause();
      if (first[0] !== handshakeRecord) return this.#answerPlain(socket);
      // From here on the server's own time-out holds.
      cancel();
      socket.off('error', ignore);
      socket.unshift(first);
      return speaksTls();
    });
  }

  /** What the client still sends is read, so that it gets to read the answer. */
  #answerPlain(socket: Socket): void {
    this.#failures.inc();
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limits.drainBytes) socket.destroy();
    });
    socket.end(rawAnswer(plainHttp, this.#answers.standardRate));
    socket.resume();
  }
}
