import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface Connection {
  readonly socket: Socket;
  /** The block of addresses it counts for, if any. */
  readonly block: string | undefined;
  /** Where HTTP is spoken: the same socket, or its TLS side once there is one. */
  speaker: Socket | undefined;
  /** Bytes of answers when that was last looked at, and the monotonic ms at which they had changed. */
  answered: number;
  answeredAt: number;
}

/** The open connections of a listener, and how many each block of addresses has. */
export class OpenConnections {
  /** By the name of the other end, the oldest first. */
  readonly #open = new Map<string, Connection>();
  readonly #perBlock = new Map<string, number>();

  get size(): number {
    return this.#open.size;
  }

  count(block: string): number {
    return this.#perBlock.get(block) ?? 0;
  }

  /** Counts it until it closes. */
  add(connection: Connection): void {
    const { socket, block } = connection;
    const name = nameOf(socket);
    this.#open.set(name, connection);
    if (block !== undefined) this.#perBlock.set(block, this.count(block) + 1);
    socket.once('close', () => this.#remove(name, connection));
  }

  /** The TLS side of a connection is there. */
  speaks(speaker: Socket): void {
    const connection = this.#open.get(nameOf(speaker));
    if (connection !== undefined) connection.speaker = speaker;
  }

  /** The connection that `speaker` is a side of. */
  of(speaker: Duplex): Connection | undefined {
    const isSide = 'remoteAddress' in speaker && 'remotePort' in speaker;
    return isSide ? this.#open.get(nameOf(speaker)) : undefined;
  }

  /** Up to `most` on which nothing was ever answered, the oldest first. */
  strangers(busy: ReadonlySet<Duplex>, most: number): Connection[] {
    const found: Connection[] = [];
    for (const connection of this.#open.values()) {
      const { speaker } = connection;
      const isStranger =
        speaker === undefined || (speaker.bytesWritten === 0 && !busy.has(speaker));
      if (isStranger && found.push(connection) === most) break;
    }
    return found;
  }

  /** Notes which connections have had an answer since the last time. */
  look(now: number): void {
    for (const connection of this.#open.values()) {
      const bytes = connection.speaker?.bytesWritten ?? 0;
      if (bytes === connection.answered) continue;
      connection.answered = bytes;
      connection.answeredAt = now;
    }
  }

  /** Up to `most` that are merely kept open and had no answer since `until`, the longest idle first. */
  kept(busy: ReadonlySet<Duplex>, until: number, most: number): Connection[] {
    return [...this.#open.values()]
      .filter(
        ({ speaker, answered, answeredAt }) =>
          answeredAt <= until && speaker?.bytesWritten === answered && !busy.has(speaker),
      )
      .sort((a, b) => a.answeredAt - b.answeredAt)
      .slice(0, most);
  }

  #remove(name: string, connection: Connection): void {
    if (this.#open.get(name) === connection) this.#open.delete(name);
    const { block } = connection;
    if (block === undefined) return;
    const count = this.count(block) - 1;
    if (count <= 0) this.#perBlock.delete(block);
    else this.#perBlock.set(block, count);
  }
}

/** The other end of a connection as it looks from here: the same under TLS. */
function nameOf(socket: {
  readonly remoteAddress?: unknown;
  readonly remotePort?: unknown;
}): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
