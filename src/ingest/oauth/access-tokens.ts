import { looksLikeAccessToken, verifyAccessToken } from '../../core/access-token.ts';
import type { Clock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';
import type { OAuthAppConfig } from '../../core/oauth.ts';
import type { Snapshot, SnapshotHolder } from '../../core/snapshot.ts';
import { type AccessRefusal, accessRefusals, renewal } from './access-refusals.ts';

/** What a verified token is good for, until the snapshot changes. */
interface Grant {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Ids. */
  readonly sources: ReadonlySet<string>;
  /** Why it is good for nothing. */
  readonly refusal: AccessRefusal | undefined;
}

/** What a request is to be written to. */
interface Target {
  readonly id: string;
  readonly requiresOAuth: boolean;
}

/** The OAuth clients of Segment's SDKs for Node and Python. */
const renewing = /^analytics-(?:node-next|python)\//;

/**
 * Judges the access tokens of requests. A source that requires OAuth takes no request without one. A token
 * of ours must hold wherever it is sent; any other Bearer is nobody's business where none is required.
 * Revocations come with the snapshot. A token is verified once a snapshot, then remembered by its header.
 */
export class AccessTokens {
  readonly #clock: Clock;
  readonly #unsubscribe: () => void;
  #secret: string | undefined;
  #apps = new Map<string, OAuthAppConfig>();
  #revoked: ReadonlySet<string> = new Set();
  readonly #grants = new Map<string, Grant>();

  constructor(holder: SnapshotHolder, clock: Clock) {
    this.#clock = clock;
    this.#swap(holder.current);
    this.#unsubscribe = holder.subscribe((snapshot) => this.#swap(snapshot));
  }

  /** Why the request may not write to the source; undefined when it may. `header` is no Basic one. */
  refusal(
    header: string | undefined,
    source: Target,
    userAgent: string | undefined,
  ): AccessRefusal | undefined {
    if (header === undefined) return source.requiresOAuth ? accessRefusals.required : undefined;
    const grant = this.#grants.get(header) ?? this.#verify(header);
    if (typeof grant === 'string') {
      if (!source.requiresOAuth) return undefined;
      return grant === 'none' ? accessRefusals.required : accessRefusals.invalid;
    }
    const isExpired = grant.expiresAt <= this.#clock.now();
    const refusal = isExpired ? accessRefusals.expired : grant.refusal;
    if (refusal === accessRefusals.expired && renewing.test(userAgent ?? '')) return renewal;
    return refusal ?? (grant.sources.has(source.id) ? undefined : accessRefusals.source);
  }

  close(): void {
    this.#unsubscribe();
  }

  #swap({ oauth }: Snapshot): void {
    this.#secret = oauth?.secret;
    this.#apps = new Map(oauth?.apps.map((app) => [app.id, app]));
    this.#revoked = new Set(oauth?.revoked);
    this.#grants.clear();
  }

  #verify(header: string): Grant | 'none' | 'foreign' {
    const text = /^bearer +(\S+)\s*$/i.exec(header)?.[1];
    if (text === undefined) return 'none';
    if (!looksLikeAccessToken(text)) return 'foreign';
    const grant = this.#grantOf(text);
    if (grant.refusal === accessRefusals.invalid) return grant;
    if (this.#grants.size >= limits.headerCache) this.#grants.clear();
    this.#grants.set(header, grant);
    return grant;
  }

  #grantOf(text: string): Grant {
    const token = this.#secret === undefined ? undefined : verifyAccessToken(text, this.#secret);
    const app = token === undefined ? undefined : this.#apps.get(token.app);
    if (token === undefined || app === undefined) return invalid;
    const isRevoked =
      token.generation !== app.generation ||
      !app.keys.some(({ id }) => id === token.key) ||
      this.#revoked.has(token.id);
    const isInScope = token.scope.split(' ').includes('tracking_api:write');
    return {
      expiresAt: token.expiresAt * 1000,
      sources: new Set(app.sources),
      refusal: isRevoked ? accessRefusals.expired : isInScope ? undefined : accessRefusals.scope,
    };
  }
}

const invalid: Grant = {
  expiresAt: Number.POSITIVE_INFINITY,
  sources: new Set(),
  refusal: accessRefusals.invalid,
};
