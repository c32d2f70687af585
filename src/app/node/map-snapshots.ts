import type { Snapshot, SnapshotHolder } from '../../core/snapshot.ts';

/** A holder of what is made of the snapshots of another, once each. */
export function mapSnapshots(
  holder: SnapshotHolder,
  map: (snapshot: Snapshot) => Snapshot,
): SnapshotHolder {
  let last: { readonly from: Snapshot; readonly made: Snapshot } | undefined;
  const made = (from: Snapshot): Snapshot => {
    if (last?.from === from) return last.made;
    last = { from, made: map(from) };
    return last.made;
  };
  return {
    get current() {
      return made(holder.current);
    },
    subscribe: (listener) => holder.subscribe((snapshot) => listener(made(snapshot))),
  };
}
