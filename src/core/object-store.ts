import type { Readable } from 'node:stream';

/**
 * The seam to where files are kept that are written once and read seldom: the archive, a data lake. Engines
 * are in `storage/objects/*`; each passes `object-store.conformance.ts`. Everything rejects with
 * `object_store_failed` when the far end, or the disk, says no; it may be tried again.
 *
 * A key is a path: parts between single `/`, none of them empty, `.`, `..`, longer than 200 bytes or with a
 * control character or `\`; none begins with `.tributary`. At most `limits.objectKeyBytes` in all.
 */
export interface ObjectStore {
  /** For the log and for people: `file:/data/archive`, `s3://bucket/prefix`. Without secrets. */
  readonly place: string;
  /**
   * Writes an object whole or not at all: a reader finds the old one or the new one, also after a crash. Durable
   * once it resolves. Without a condition an object of the same key is replaced.
   */
  put(key: string, body: ObjectBody, options?: PutOptions): Promise<PutResult>;
  /** The whole object, in memory; undefined when there is none. */
  get(key: string): Promise<FetchedObject | undefined>;
  /** The same as a stream, for what is large: to be read to its end or destroyed. */
  open(key: string): Promise<OpenedObject | undefined>;
  /** What is known of it without its content; undefined when there is none. */
  find(key: string): Promise<ObjectInfo | undefined>;
  /** The objects whose key begins with `prefix`, in the order of their keys' bytes. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  /** What is not there is as good as deleted. */
  delete(key: string): Promise<void>;
  close(): Promise<void>;
}

export interface ObjectInfo {
  readonly key: string;
  readonly bytes: number;
  /** Differs from that of any other content the key has had. Opaque. */
  readonly etag: string;
}

export interface FetchedObject extends ObjectInfo {
  readonly body: Buffer;
}

export interface OpenedObject extends ObjectInfo {
  readonly stream: Readable;
}

/** Bytes, or a file of the local disk, which is gone afterwards: a store on the same disk takes it over. */
export type ObjectBody = Uint8Array | { readonly file: string };

export interface PutOptions {
  /**
   * Writes only while the key has no object, or the one with this etag. On a local disk an etag is compared
   * right before the writing and not as one step with it: its writers must be one process, or hold a lease.
   */
  readonly onlyIf?: 'absent' | { readonly etag: string };
}

/** `ok` is false when the condition did not hold: then nothing was written. */
export type PutResult = { readonly ok: true; readonly etag: string } | { readonly ok: false };
