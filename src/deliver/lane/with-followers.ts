import type { LaneItem } from './lane-item.ts';

/**
 * A batch, and after each of its events those that wait for events of the batch alone, as long as `join` takes them: what is
 * sent together in its order need not wait. At most `most` in all; the batch itself grows.
 */
export function withFollowers<Entry extends { readonly item: LaneItem }>(
  batch: Entry[],
  most: number,
  join: (item: LaneItem) => Entry | undefined,
): Entry[] {
  const met = new Map<LaneItem, number>();
  for (let at = 0; at < batch.length && batch.length < most; at += 1) {
    for (const follower of batch[at]?.item.followers ?? []) {
      if (batch.length >= most) break;
      const within = (met.get(follower) ?? 0) + 1;
      met.set(follower, within);
      if (within < follower.blockers || follower.finished || follower.parked) continue;
      const entry = join(follower);
      if (entry !== undefined) batch.push(entry);
    }
  }
  return batch;
}
