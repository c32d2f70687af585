import type { LogName } from '../../core/event-log.ts';
import type { EventStream } from '../public-api/frame/event-stream.ts';

/** Shows the events of a source to whoever watches, while they happen. */
export interface Tail {
  /** Resolves once what is received from now on will be shown; `add` follows. */
  prepare(): Promise<void>;
  /** Adds a viewer; it leaves by itself when its stream closes. */
  add(sourceId: string, stream: EventStream): void;
  /** The end of this log may have moved, in another process. */
  wake(log: LogName): void;
  /** Ends every viewer and closes the readers. */
  close(): Promise<void>;
}
