import type { JsonObject } from '../../../core/json.ts';
import type { Permission } from '../../access/permission.ts';
import type { ReadContext, WriteContext } from '../../context.ts';
import type { Static, TObject } from '../../schemas/type.ts';
import type { EventStream, StreamType } from './event-stream.ts';
import type { On } from './target-of.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Media-type families of Segment's versioning, most stable first (spec public-api §2). */
export type Tier = 'v1' | 'v1beta' | 'v1alpha';

/**
 * What every operation declares. Routing, validation, the types of the handler, permission, rate
 * limit, serialisation and the OpenAPI document come from it.
 */
interface Declaration<P extends TObject, Q extends TObject, B extends TObject> {
  /** Segment's operationId, or our own. */
  readonly operationId: string;
  readonly method: Method;
  /** Below `/api`, parameters in braces: `/sources/{sourceId}`. */
  readonly path: string;
  /** Other spellings of the path that older clients use. */
  readonly aliases?: readonly string[];
  readonly tag: string;
  readonly summary: string;
  /** What it does not do yet, a sentence: said in the documents, and with each answer in the header `Tributary-Notice`. */
  readonly notice?: string;
  readonly params?: P;
  readonly query?: Q;
  /** Absent: a body is ignored. */
  readonly body?: B;
  /** Bytes of a request; the server's default when absent. */
  readonly bodyBytes?: number;
  /** The least that the token must be allowed. */
  readonly permission: Permission;
  /** What roles must allow: `read` for a read, `admin` for what asks for more. */
  readonly on: On;
  /** Requests a minute and token; the server's default when absent (spec public-api, last section). */
  readonly perMinute?: number;
  /** Media types besides application/json. Absent: all three tiers. */
  readonly tiers?: readonly Tier[];
}

/** The parts of a request after validation. */
export interface Input<P extends TObject, Q extends TObject, B extends TObject> {
  readonly params: Static<P>;
  readonly query: Static<Q>;
  readonly body: Static<B>;
}

/** The answer where the style `seed` is asked for and it is worded otherwise (spec public-api-seed-differences). */
interface SeedAnswer {
  readonly response: TObject;
  /** Makes it of the ordinary answer. */
  from(data: JsonObject, context: ReadContext): Promise<JsonObject> | JsonObject;
}

/** Changes nothing. Its `data` is answered in the envelope, cut to the declared keys. */
export interface ReadOperation<
  P extends TObject = TObject,
  Q extends TObject = TObject,
  B extends TObject = TObject,
  R extends TObject = TObject,
> extends Declaration<P, Q, B> {
  readonly kind: 'read';
  readonly response: R;
  readonly seed?: SeedAnswer;
  /** Throws `TributaryError`. */
  handle(context: ReadContext, input: Input<P, Q, B>): Promise<Static<R>> | Static<R>;
}

/** What a write did, for the audit trail. */
export interface Audited {
  readonly resourceId: string;
  readonly resourceName: string;
  /** In place of the declared one. */
  readonly type?: string;
  /** The resource before, as the API shows it; absent when there was none. */
  readonly before?: object;
  /** The resource after; absent: the answer, or nothing when that is only a status. */
  readonly after?: object;
}

/**
 * Runs in one transaction with its audit record and the workspace's next revision; when it has committed,
 * a snapshot that has it is published, and then it is answered. A throw undoes all of it.
 */
export interface WriteOperation<
  P extends TObject = TObject,
  Q extends TObject = TObject,
  B extends TObject = TObject,
  R extends TObject = TObject,
> extends Declaration<P, Q, B> {
  readonly kind: 'write';
  readonly response: R;
  readonly seed?: SeedAnswer;
  /** 201 on the few operations where Segment answers so (spec public-api §7.4); else 200. */
  readonly status?: 200 | 201;
  /** How the audit trail names it, e.g. `Source Created`, and the type of its resource. */
  readonly audit: { readonly type: string; readonly resourceType: string };
  /** What takes long, as to ask a vendor: runs before the transaction, and what it returns is the input of `handle`. */
  prepare?(context: ReadContext, input: Input<P, Q, B>): Promise<Input<P, Q, B>>;
  handle(
    context: WriteContext,
    input: Input<P, Q, B>,
  ): Promise<{ readonly data: Static<R>; readonly audited: Audited }>;
}

/** Answers with server-sent events, or lines of JSON, until the end, the client leaves or the server stops. */
export interface StreamOperation<
  P extends TObject = TObject,
  Q extends TObject = TObject,
  B extends TObject = TObject,
> extends Declaration<P, Q, B> {
  readonly kind: 'stream';
  /** Server-sent events when absent. */
  readonly contentType?: StreamType;
  /** Called before anything is answered: what it throws is an ordinary error answer. */
  handle(context: ReadContext, input: Input<P, Q, B>): Promise<(stream: EventStream) => void>;
}

/** Part of Segment's API and not offered here: answered with 501, and listed in the documents. */
export interface AbsentOperation extends Declaration<TObject, TObject, TObject> {
  readonly kind: 'absent';
}

export type Operation = ReadOperation | WriteOperation | StreamOperation | AbsentOperation;

export function readOperation<
  P extends TObject,
  Q extends TObject,
  B extends TObject,
  R extends TObject,
>(declaration: Omit<ReadOperation<P, Q, B, R>, 'kind'>): ReadOperation<P, Q, B, R> {
  return { kind: 'read', ...declaration };
}

export function writeOperation<
  P extends TObject,
  Q extends TObject,
  B extends TObject,
  R extends TObject,
>(declaration: Omit<WriteOperation<P, Q, B, R>, 'kind'>): WriteOperation<P, Q, B, R> {
  return { kind: 'write', ...declaration };
}

export function streamOperation<P extends TObject, Q extends TObject, B extends TObject>(
  declaration: Omit<StreamOperation<P, Q, B>, 'kind'>,
): StreamOperation<P, Q, B> {
  return { kind: 'stream', ...declaration };
}
