import { connect } from 'node:net';
import { AnswerReader, type WireAnswer } from './read-answers.ts';

/** What came back over a connection. */
export interface Conversation {
  readonly answers: readonly WireAnswer[];
  /** Bytes that were no whole answer. */
  readonly rest: Buffer;
  /** It had not ended when the time was over. */
  readonly hung: boolean;
}

/** A connection on which nothing happens for so long hangs: far less than the server's own time-outs. */
const quietMs = 15_000;

/** What nobody needs to answer is given this long for its answer. */
const patienceMs = 100;

export interface Script {
  readonly bytes: Buffer;
  /** Of the requests in order. */
  readonly methods: readonly string[];
  /** Answers that must come. */
  readonly expected: number;
  /** One more may come. */
  readonly mayBeMore: boolean;
  /** Bytes written at once; undefined: all. */
  readonly pieces: number | undefined;
}

/**
 * Writes bytes over a connection of its own, waits for the answers, says that no more comes, and reads on
 * until the server closes.
 */
export function converse(
  port: number,
  { bytes, methods, expected, mayBeMore, pieces }: Script,
): Promise<Conversation> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const reader = new AnswerReader(methods);
    let hung = false;
    let written = false;
    let patience: NodeJS.Timeout | undefined;
    const look = () => {
      const { length } = reader.answers;
      if (!written || length < expected) return;
      if (mayBeMore && length === expected) patience ??= setTimeout(() => socket.end(), patienceMs);
      else socket.end();
    };
    socket.setNoDelay(true);
    socket.setTimeout(quietMs, () => {
      hung = true;
      socket.destroy();
    });
    socket.on('data', (chunk) => {
      reader.add(chunk);
      look();
    });
    // Refused uploads end in a reset: what came before counts.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(patience);
      resolve({ answers: reader.answers, rest: reader.rest, hung });
    });
    const size = pieces === undefined ? bytes.length : Math.max(pieces, bytes.length / 100);
    const write = (from: number) => {
      const to = Math.ceil(from + size);
      socket.write(bytes.subarray(from, to), () => {
        if (to < bytes.length) return void setImmediate(write, to);
        written = true;
        return look();
      });
    };
    write(0);
  });
}
