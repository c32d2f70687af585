import type { Snapshot } from '../../core/snapshot.ts';

/** Passes snapshots on in the order of their versions: a late one that is already outdone is dropped. */
export class SnapshotPublisher {
  #current: Snapshot;
  readonly #listener: (snapshot: Snapshot) => void;

  constructor(first: Snapshot, listener: (snapshot: Snapshot) => void) {
    this.#current = first;
    this.#listener = listener;
    listener(first);
  }

  get current(): Snapshot {
    return this.#current;
  }

  publish(snapshot: Snapshot): void {
    if (snapshot.version <= this.#current.version) return;
    this.#current = snapshot;
    this.#listener(snapshot);
  }
}
