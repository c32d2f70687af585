import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import { regionOfKey } from '../core/region.ts';
import type { Snapshot, SnapshotHolder, SourceConfig } from '../core/snapshot.ts';
import { basicKey } from './credentials.ts';
import { type Problem, problem } from './problem.ts';
import { SourceState } from './source-state.ts';
import { WriteKey } from './write-key.ts';

/** A header with a long password is not worth remembering. */
const longestHeader = 256;
/** A timer cannot wait longer; what expires later is looked at again then. */
const longestWaitMs = 24 * 60 * 60 * 1000;

/** Finds the source of a write key, and keeps what ingest knows of each source across snapshots. */
export class SourceRegistry {
  /** The most bytes any source takes: no body is read beyond it. */
  largestRequest: number = limits.requestBytes;
  readonly #defaultRate: number;
  readonly #clock: Clock;
  readonly #region: string;
  /** Regions of the keys of sources marked with another one than ours. */
  #foreign = new Map<string, string>();
  #byId = new Map<string, SourceState>();
  #byKey = new Map<string, WriteKey>();
  /** Whole Authorization headers met, so that the hot path decodes none. Only of known keys; bounded. */
  readonly #byHeader = new Map<string, WriteKey>();
  readonly #unsubscribe: () => void;
  #cancelExpiry: () => void = () => undefined;

  constructor(holder: SnapshotHolder, defaultRate: number, clock: Clock, region: string) {
    this.#defaultRate = defaultRate;
    this.#clock = clock;
    this.#region = region;
    this.#swap(holder.current);
    this.#unsubscribe = holder.subscribe((snapshot) => this.#swap(snapshot));
  }

  get sources(): Iterable<SourceState> {
    return this.#byId.values();
  }

  /** Undefined for a source that is not there, or is of another region. */
  byId(id: string): SourceState | undefined {
    return this.#byId.get(id);
  }

  /** Undefined for a key that nobody has, or that has expired. */
  byKey(writeKey: string): WriteKey | undefined {
    return this.#byKey.get(writeKey);
  }

  /**
   * The write key an Authorization header names, `'unknown'` for a Basic header with a key nobody has,
   * undefined when the header names no key (another scheme, an empty user name).
   */
  byHeader(header: string): WriteKey | 'unknown' | undefined {
    const met = this.#byHeader.get(header);
    if (met !== undefined) return met;
    const key = basicKey(header);
    if (key === undefined) return undefined;
    const found = this.#byKey.get(key);
    if (found === undefined) return 'unknown';
    if (header.length > longestHeader) return found;
    if (this.#byHeader.size >= limits.headerCache) this.#byHeader.clear();
    this.#byHeader.set(header, found);
    return found;
  }

  /**
   * Why a key that is not found is refused, if that is for its region: its source is marked with
   * another one, or the key itself is (`docs/guides/regions.md`).
   */
  regionProblem(key: string | undefined): Problem | undefined {
    if (key === undefined) return undefined;
    const region = this.#foreign.get(key) ?? regionOfKey(key);
    if (region === undefined || region === this.#region) return undefined;
    const message = `The write key belongs to the region ${region}; this is ${this.#region}`;
    return problem('authentication_error', message, { detail: 'wrong_region' });
  }

  close(): void {
    this.#unsubscribe();
    this.#cancelExpiry();
  }

  #swap(snapshot: Snapshot): void {
    const now = this.#clock.monotonic();
    const byId = new Map<string, SourceState>();
    const byKey = new Map<string, WriteKey>();
    let nextExpiry = Number.POSITIVE_INFINITY;
    let largest: number = limits.requestBytes;
    const foreign = new Map<string, string>();
    for (const config of snapshot.sources) {
      const { region } = config;
      if (region !== undefined && region !== this.#region) {
        for (const key of config.writeKeys) foreign.set(key, region);
        continue;
      }
      const state = this.#byId.get(config.id) ?? new SourceState(config.id, now);
      state.configure(config, this.#defaultRate, now);
      byId.set(config.id, state);
      nextExpiry = Math.min(nextExpiry, this.#addKeys(config, state, byKey));
      largest = Math.max(largest, state.requestBytes, state.eventBytes);
    }
    this.#byId = byId;
    this.#byKey = byKey;
    this.#foreign = foreign;
    this.#byHeader.clear();
    this.largestRequest = largest;
    this.#cancelExpiry();
    this.#cancelExpiry = () => undefined;
    if (nextExpiry < Number.POSITIVE_INFINITY) {
      const wait = Math.min(longestWaitMs, nextExpiry - this.#clock.now());
      this.#cancelExpiry = this.#clock.after(wait, () => this.#swap(snapshot));
    }
  }

  /** Adds the keys of a source that hold now; returns when the next of them expires. */
  #addKeys(config: SourceConfig, source: SourceState, byKey: Map<string, WriteKey>): number {
    const special = new Map(config.specialKeys?.map((key) => [key.key, key]));
    const now = this.#clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const text of config.writeKeys) {
      const { test = false, expiresAt = Number.POSITIVE_INFINITY } = special.get(text) ?? {};
      if (expiresAt <= now) continue;
      next = Math.min(next, expiresAt);
      const before = this.#byKey.get(text);
      const isSame = before?.source === source && before.isTest === test;
      byKey.set(text, isSame ? before : new WriteKey(text, source, test));
    }
    return next;
  }
}
