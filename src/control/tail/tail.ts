import type { LogName } from '../../core/event-log.ts';
import type { EventStream } from '../public-api/frame/event-stream.ts';

/** Shows the events of a source to whoever watches, while they happen. */
export interface Tail {
  /** Adds a viewer; it leaves by itself when its stream closes. */
  add(sourceId: string, stream: EventStream): void;
  /** A log's end may have moved, in another process. */
  wake(log: LogName): void;
  /** Ends every viewer and closes the readers. */
  close(): Promise<void>;
}
