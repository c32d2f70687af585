import type {
  BatchedEvent,
  DeliveryResult,
  DestinationDefinition,
} from '../../core/destination.ts';
import { postDestination } from './post-destination.ts';

/** What a scripted far end says of one event of a batch. */
type BatchScript = (
  id: string,
  attempt: number,
  batch: readonly string[],
) => 'ok' | 'retry' | 'discard';

/** A destination that takes batches of its events' names, and keeps what it got. */
export class BatchDestination {
  /** Ids of each batch that was sent, and of each event that went alone. */
  readonly sent: string[][] = [];
  mostEvents = 100;
  script: BatchScript = () => 'ok';
  /** While it is set, no batch is answered. */
  hold: Promise<void> | undefined;
  readonly #attempts = new Map<string, number>();

  get definition(): DestinationDefinition {
    return {
      ...postDestination,
      lanes: () => ({
        ok: true,
        lanes: [
          {
            id: 'batch',
            send: async (event) =>
              (await this.#send([event.messageId]))[0] ?? { kind: 'delivered' },
            batches: {
              groupOf: (event) => {
                const name = String(event['event']);
                if (name === 'alone') return undefined;
                return { key: name, mostEvents: this.mostEvents };
              },
              sendBatch: (batch: readonly BatchedEvent[]) =>
                this.#send(batch.map(({ event }) => event.messageId)),
            },
          },
        ],
      }),
    };
  }

  async #send(ids: string[]): Promise<DeliveryResult[]> {
    this.sent.push(ids);
    await this.hold;
    return ids.map((id) => {
      const attempt = (this.#attempts.get(id) ?? 0) + 1;
      this.#attempts.set(id, attempt);
      const said = this.script(id, attempt, ids);
      if (said === 'ok') return { kind: 'delivered', status: 200 };
      if (said === 'retry') return { kind: 'retry', message: 'later', status: 503 };
      return { kind: 'discard', code: 'message_rejected', message: 'no', status: 400 };
    });
  }
}
