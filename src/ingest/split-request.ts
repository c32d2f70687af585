import type { Json } from '../core/json.ts';
import type { RefusedItem } from '../core/records.ts';
import type { AcceptedRequest } from './accepted-request.ts';
import { batchOf } from './batch-of.ts';
import { payloadOf } from './payload.ts';

export interface PartRequest {
  readonly partition: number;
  readonly request: AcceptedRequest;
}

interface Part {
  readonly items: Json[];
  readonly refused: RefusedItem[];
}

/**
 * Splits a batch by partition, each part a batch of its own with the same envelope. Items keep their
 * order; refused ones go where their ids lead. Each part gets its own nonce: indexes begin anew.
 */
export function splitRequest(
  request: AcceptedRequest,
  items: readonly Json[],
  partitionOf: (item: Json) => number,
  nonce: () => string,
): PartRequest[] {
  const refused = new Map(request.refused?.map((item) => [item[0], item]));
  const parts = new Map<number, Part>();
  items.forEach((item, index) => {
    const partition = partitionOf(item);
    const part = parts.get(partition) ?? { items: [], refused: [] };
    parts.set(partition, part);
    const refusal = refused.get(index);
    if (refusal !== undefined) part.refused.push(moved(refusal, part.items.length));
    part.items.push(item);
  });
  const [first = 0] = parts.keys();
  if (parts.size <= 1) return [{ partition: first, request }];
  return Array.from(parts, ([partition, part]) => ({
    partition,
    request: {
      ...request,
      payload: payloadOf(batchOf(request.payload.exact, part.items)),
      items: part.items.length,
      refused: part.refused.length === 0 ? undefined : part.refused,
      nonce: request.nonce === undefined ? undefined : nonce(),
    },
  }));
}

function moved([, code, field]: RefusedItem, index: number): RefusedItem {
  return field === undefined ? [index, code] : [index, code, field];
}
