import type { Clock } from '../core/clock.ts';
import type { Emit } from '../core/entrance.ts';
import type { AcceptedLog } from './accepted-log.ts';
import { judgeBatch } from './judge-batch.ts';
import { payloadOf } from './payload.ts';
import type { SourceRegistry } from './source-registry.ts';
import type { SourceState } from './source-state.ts';
import type { Judgement } from './verdict.ts';

export interface EntranceDeps {
  readonly sources: SourceRegistry;
  /** Opens the log where this node has not. */
  log(): Promise<AcceptedLog>;
  readonly hasRoom: () => boolean;
  readonly clock: Clock;
  readonly randomHex: (bytes: number) => string;
}

/**
 * Takes in what the server itself sends to a source, judged as a batch of a client is; neither the rate of the source nor its OAuth is
 * asked for. An item that is no event is a discard.
 */
export function createEntrance({ sources, log, hasRoom, clock, randomHex }: EntranceDeps): Emit {
  return async ({ source: id, items, test }) => {
    const source = sources.byId(id);
    if (source === undefined) return { kind: 'refused', message: 'The source does not exist' };
    if (!hasRoom()) return { kind: 'failed', message: 'The disk is full' };
    const { payload, verdict } = judge(source, { batch: items });
    const { good, rejections, discard, lacksId } = verdict;
    try {
      const accepted = await log();
      await accepted.append({
        ...{ source, payload, time: clock.now() },
        items: discard === undefined ? good + (rejections?.length ?? 0) : items.length,
        ...{ ip: undefined, userAgent: undefined, discard, test },
        refused: rejections?.map(({ index, refusal: { code, field } }) =>
          field === undefined ? [index, code] : [index, code, field],
        ),
        nonce: lacksId === true ? randomHex(16) : undefined,
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : 'The log refuses';
      return { kind: 'failed', message };
    }
    return { kind: 'taken' };
  };
}

function judge(source: SourceState, batch: Parameters<typeof payloadOf>[0]): Judgement {
  const payload = payloadOf(batch);
  if (source.enabled) return judgeBatch(source, payload, true);
  return { payload, verdict: { good: 0, discard: 'source_disabled' } };
}
