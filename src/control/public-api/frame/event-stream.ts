import type { ServerResponse } from 'node:http';

/** Server-sent events, or a JSON text a line. */
export type StreamType = 'text/event-stream' | 'application/x-ndjson';

/** One answer that goes on. */
export interface EventStream {
  /** Sends text as it stands. False when the client reads too slowly: wait for `onDrain`. */
  write(text: string): boolean;
  onDrain(listener: () => void): void;
  /** Called once, when the client has left or the answer was ended. */
  onClose(listener: () => void): void;
  end(): void;
  /** Breaks it off: the client sees that it is not whole. */
  destroy(): void;
}

/** Takes an answer over. Nothing may be sent on it but through the stream. */
export function openEventStream(
  response: ServerResponse,
  contentType: StreamType = 'text/event-stream',
): EventStream {
  response.writeHead(200, {
    'content-type': `${contentType}; charset=utf-8`,
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
    destroy: () => response.destroy(),
  };
}
