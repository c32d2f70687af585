import assert from 'node:assert/strict';
import { TributaryError } from '../../../core/errors.ts';
import type { ObjectStore } from '../../../core/object-store.ts';
import { type LakeCheckpoint, type LakeCommit, LakeState } from './lake-state.ts';

/**
 * The manifest of a lake: what is part of it, and how far it is loaded.
 *
 * Format. `manifest/<20 digits>.json` is one commit (`LakeCommit`), numbered from 1 without a gap; what it adds, removes and
 * the cursor it moves are in force with it, all at once. `manifest/<20 digits>.checkpoint.json` is all that the commits up to
 * its number have left (`LakeCheckpoint`). `manifest/intent.json` names the files that the next commit is going to add.
 *
 * Exactly once. A commit is written only where no object has its number: of two writers one is refused. A writer that
 * dies before its commit leaves files that no reader looks at; the next one finds them in the intent and deletes them. One that dies after it
 * has loaded the unit: the cursor says so, and so does the unit's id.
 *
 * Bounds. A checkpoint follows 50 commits; older commits and checkpoints are deleted.
 *
 * Recovery. The newest checkpoint and the commits after it. A reader that finds a commit gone begins again.
 */
export class LakeManifest {
  readonly #store: ObjectStore;
  #state = new LakeState();
  /** Of the newest checkpoint. */
  #checkpoint = 0;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  get state(): LakeState {
    return this.#state;
  }

  /** Reads what is there, and deletes what a writer that died has left. */
  async open(): Promise<void> {
    const commits: number[] = [];
    const checkpoints: number[] = [];
    for await (const { key } of this.#store.list('manifest/')) {
      const [, digits, kind] = /^manifest\/(\d{20})(\.checkpoint)?\.json$/.exec(key) ?? [];
      if (digits === undefined) continue;
      (kind === undefined ? commits : checkpoints).push(Number(digits));
    }
    this.#checkpoint = Math.max(0, ...checkpoints);
    this.#state = new LakeState();
    if (this.#checkpoint > 0) {
      const checkpoint: LakeCheckpoint = await this.#read(checkpointKey(this.#checkpoint));
      this.#state = LakeState.of(checkpoint);
    }
    const later = commits.filter((seq) => seq > this.#checkpoint).toSorted((a, b) => a - b);
    for (const seq of later) {
      if (seq !== this.#state.seq + 1) throw damaged(commitKey(this.#state.seq + 1));
      const commit: LakeCommit = await this.#read(commitKey(seq));
      this.#state.apply(commit);
      // They may have outlived the writer that removed them.
      await this.delete(commit.remove ?? []);
    }
    await this.#cleanUp();
  }

  /** Says which files are about to be written, before any of them is. */
  async intend(keys: readonly string[]): Promise<void> {
    const intent = { seq: this.#state.seq + 1, keys };
    await this.#store.put(intentKey, Buffer.from(JSON.stringify(intent)));
  }

  /** Brings a change in force. Rejects with `lease_lost` when another writer was faster. */
  async commit(change: Omit<LakeCommit, 'format' | 'seq'>): Promise<void> {
    const commit: LakeCommit = { format: 1, seq: this.#state.seq + 1, ...change };
    const body = Buffer.from(JSON.stringify(commit));
    const key = commitKey(commit.seq);
    const { ok } = await this.#store.put(key, body, { onlyIf: 'absent' });
    // A first try of this very request may have come through although its answer was lost.
    if (!ok && (await this.#store.get(key))?.body.equals(body) !== true) {
      throw new TributaryError('lease_lost', 'Another loader writes to the lake');
    }
    this.#state.apply(commit);
    await this.delete(commit.remove ?? []);
    if (commit.seq - this.#checkpoint >= commitsApart) await this.#makeCheckpoint();
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#store.delete(key);
  }

  async #cleanUp(): Promise<void> {
    const found = await this.#store.get(intentKey);
    if (found === undefined) return;
    const intent: { readonly seq: number; readonly keys: readonly string[] } = JSON.parse(
      found.body.toString(),
    );
    if (intent.seq <= this.#state.seq) return;
    await this.delete(intent.keys.filter((key) => !this.#state.files.has(key)));
  }

  async #makeCheckpoint(): Promise<void> {
    const { seq } = this.#state;
    const body = Buffer.from(JSON.stringify(this.#state.checkpoint()));
    await this.#store.put(checkpointKey(seq), body);
    const before = this.#checkpoint;
    this.#checkpoint = seq;
    // The checkpoint before this one stays, for readers that are at it.
    await this.delete(range(before - commitsApart + 1, before).map(commitKey));
    if (before > commitsApart) await this.#store.delete(checkpointKey(before - commitsApart));
  }

  /** What we have written ourselves. */
  async #read<T>(key: string): Promise<T> {
    const found = await this.#store.get(key);
    if (found === undefined) throw damaged(key);
    const parsed = JSON.parse(found.body.toString());
    assert(parsed?.format === 1, `${key} has a format of a later version`);
    return parsed as T;
  }
}

/** Commits between two checkpoints. */
const commitsApart = 50;
const intentKey = 'manifest/intent.json';
const digitsOf = (seq: number) => String(seq).padStart(20, '0');
const commitKey = (seq: number) => `manifest/${digitsOf(seq)}.json`;
const checkpointKey = (seq: number) => `manifest/${digitsOf(seq)}.checkpoint.json`;

function range(from: number, to: number): number[] {
  const first = Math.max(1, from);
  return Array.from({ length: Math.max(0, to - first + 1) }, (_, index) => first + index);
}

function damaged(key: string): TributaryError {
  return new TributaryError('warehouse_failed', `The lake lacks ${key}: it was deleted or damaged`);
}
