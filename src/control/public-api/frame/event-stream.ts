import type { ServerResponse } from 'node:http';

/** One answer of server-sent events. */
export interface EventStream {
  /** Sends text as it stands. False when the client reads too slowly: wait for `onDrain`. */
  write(text: string): boolean;
  onDrain(listener: () => void): void;
  /** Called once, when the client has left or the answer was ended. */
  onClose(listener: () => void): void;
  end(): void;
}

/** Takes an answer over. Nothing may be sent on it but through the stream. */
export function openEventStream(response: ServerResponse): EventStream {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  // A client that goes away mid-write is an ordinary end: `close` follows.
  response.on('error', () => response.destroy());
  return {
    write: (text) => response.writableEnded || response.destroyed || response.write(text),
    onDrain: (listener) => response.on('drain', listener),
    onClose: (listener) => {
      // A client that left before the answer began is told of at once: `close` is behind it.
      if (response.closed) listener();
      else response.once('close', listener);
    },
    end: () => response.end(),
  };
}
