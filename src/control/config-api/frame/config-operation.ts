import type { Area } from '../../access/area.ts';
import type { Permission } from '../../access/permission.ts';
import type { ReadContext, WriteContext } from '../../context.ts';
import type { Audited, Method } from '../../public-api/frame/operation.ts';
import type { Static, TObject } from '../../schemas/type.ts';

type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never;

/** The variable parts of a path, by the names in braces. */
type Params<Path extends string> = Readonly<Record<ParamNames<Path>, string>>;

/**
 * What every operation of the Config API declares. Routing, validation, the types of the handler, access,
 * serialisation and the reference come from it.
 */
interface Declaration<Path extends string, Q extends TObject, B extends TObject> {
  /** As the audit trail and the metrics name it. */
  readonly operationId: string;
  readonly method: Method;
  /**
   * Below `/v1beta`, parameters in braces. `{workspace}` is checked before the handler runs, and `{source}`
   * and `{function}` are what roles are asked about.
   */
  readonly path: Path;
  /** The resource, as the reference groups them. */
  readonly tag: string;
  readonly summary: string;
  /** What it does not do yet: in the header `Tributary-Notice` of each answer. */
  readonly notice?: string;
  readonly query?: Q;
  /** Absent: a body is ignored. */
  readonly body?: B;
  /** Bytes that a body may have, where it is more than others. */
  readonly bodyBytes?: number;
  /** The least that the token must be allowed. */
  readonly permission: Permission;
  /** What roles must allow: to read for a read, to administer for what asks for more. */
  readonly area: Area;
  /** Also takes `Authorization: Basic`, with an access token as the password (spec config-api §1). */
  readonly basic?: true;
}

/** The parts of a request after validation. */
interface Input<Path extends string, Q extends TObject, B extends TObject> {
  readonly params: Params<Path>;
  readonly query: Static<Q>;
  readonly body: Static<B>;
}

/** Changes nothing. The answer is the bare resource or list, cut to the declared keys. */
interface ConfigRead<
  Path extends string = string,
  Q extends TObject = TObject,
  B extends TObject = TObject,
  R extends TObject = TObject,
> extends Declaration<Path, Q, B> {
  readonly kind: 'read';
  readonly response: R;
  /** Throws `TributaryError`. */
  handle(context: ReadContext, input: Input<Path, Q, B>): Promise<Static<R>> | Static<R>;
}

/** Runs in one transaction with its audit record and the next revision, as a write of the Public API. */
interface ConfigWrite<
  Path extends string = string,
  Q extends TObject = TObject,
  B extends TObject = TObject,
  R extends TObject = TObject,
> extends Declaration<Path, Q, B> {
  readonly kind: 'write';
  readonly response: R;
  readonly audit: { readonly type: string; readonly resourceType: string };
  handle(
    context: WriteContext,
    input: Input<Path, Q, B>,
  ): Promise<{ readonly data: Static<R>; readonly audited: Audited }>;
}

export type ConfigOperation = ConfigRead | ConfigWrite;

export function configRead<
  const Path extends string,
  Q extends TObject,
  B extends TObject,
  R extends TObject,
>(declaration: Omit<ConfigRead<Path, Q, B, R>, 'kind'>): ConfigRead<Path, Q, B, R> {
  return { kind: 'read', ...declaration };
}

export function configWrite<
  const Path extends string,
  Q extends TObject,
  B extends TObject,
  R extends TObject,
>(declaration: Omit<ConfigWrite<Path, Q, B, R>, 'kind'>): ConfigWrite<Path, Q, B, R> {
  return { kind: 'write', ...declaration };
}
