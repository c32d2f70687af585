import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import type { Snapshot, SnapshotHolder } from '../core/snapshot.ts';
import { basicKey } from './credentials.ts';
import { SourceState } from './source-state.ts';

/** A header with a long password is not worth remembering. */
const longestHeader = 256;

/** Finds the source of a write key, and keeps what ingest knows of each source across snapshots. */
export class SourceRegistry {
  /** The most bytes any source takes: no body is read beyond it. */
  largestRequest: number = limits.requestBytes;
  readonly #defaultRate: number;
  readonly #clock: Clock;
  #byId = new Map<string, SourceState>();
  #byKey = new Map<string, SourceState>();
  /** Whole Authorization headers met, so that the hot path decodes none. Only of known keys; bounded. */
  readonly #byHeader = new Map<string, SourceState>();
  readonly #unsubscribe: () => void;

  constructor(holder: SnapshotHolder, defaultRate: number, clock: Clock) {
    this.#defaultRate = defaultRate;
    this.#clock = clock;
    this.#swap(holder.current);
    this.#unsubscribe = holder.subscribe((snapshot) => this.#swap(snapshot));
  }

  get sources(): Iterable<SourceState> {
    return this.#byId.values();
  }

  byKey(writeKey: string): SourceState | undefined {
    return this.#byKey.get(writeKey);
  }

  /**
   * The source an Authorization header names, `'unknown'` for a Basic header with a key nobody has,
   * undefined when the header names no key (another scheme, an empty user name).
   */
  byHeader(header: string): SourceState | 'unknown' | undefined {
    const met = this.#byHeader.get(header);
    if (met !== undefined) return met;
    const key = basicKey(header);
    if (key === undefined) return undefined;
    const source = this.#byKey.get(key);
    if (source === undefined) return 'unknown';
    if (header.length > longestHeader) return source;
    if (this.#byHeader.size >= limits.headerCache) this.#byHeader.clear();
    this.#byHeader.set(header, source);
    return source;
  }

  close(): void {
    this.#unsubscribe();
  }

  #swap(snapshot: Snapshot): void {
    const now = this.#clock.monotonic();
    const byId = new Map<string, SourceState>();
    const byKey = new Map<string, SourceState>();
    let largest: number = limits.requestBytes;
    for (const config of snapshot.sources) {
      const state = this.#byId.get(config.id) ?? new SourceState(config.id, now);
      state.configure(config, this.#defaultRate, now);
      byId.set(config.id, state);
      for (const key of config.writeKeys) byKey.set(key, state);
      largest = Math.max(largest, state.requestBytes, state.eventBytes);
    }
    this.#byId = byId;
    this.#byKey = byKey;
    this.#byHeader.clear();
    this.largestRequest = largest;
  }
}
