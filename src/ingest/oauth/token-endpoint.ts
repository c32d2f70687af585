import { signAccessToken } from '../../core/access-token.ts';
import type { Clock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import type { OAuthAppConfig } from '../../core/oauth.ts';
import type { SnapshotHolder } from '../../core/snapshot.ts';
import { TokenBucket } from '../token-bucket.ts';
import { isAudience } from './is-audience.ts';
import { type TokenError, tokenErrors, tokenRateLimited } from './token-error.ts';
import type { TokenRequest } from './token-request.ts';
import type { UsedAssertions } from './used-assertions.ts';
import { assertionFault, type ClaimedAssertion, readAssertion } from './verify-assertion.ts';

export interface TokenEndpointDeps {
  readonly snapshot: SnapshotHolder;
  readonly used: UsedAssertions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly randomHex: (bytes: number) => string;
}

/** A token as RFC 6749 §5.1 answers it. */
export interface GivenToken {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Seconds. */
  readonly expires_in: number;
  readonly scope: string;
}

/**
 * Gives access tokens for assertions (spec tracking-api §3.4), from the snapshot alone: also while the control
 * plane is down. The cheap questions come first, the signature after the limit of the rate.
 */
export class TokenEndpoint {
  readonly #deps: TokenEndpointDeps;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(deps: TokenEndpointDeps) {
    this.#deps = deps;
  }

  /** `hosts` are the names under which the client may know this server. */
  async answer(request: TokenRequest, hosts: readonly string[]): Promise<GivenToken | TokenError> {
    const { snapshot, clock } = this.#deps;
    const { oauth } = snapshot.current;
    if (oauth === undefined) return tokenErrors.client;
    const claimed = await readAssertion(request.assertion);
    if ('error' in claimed) return claimed;
    const app = oauth.apps.find(({ id }) => id === claimed.app);
    if (app === undefined) return tokenErrors.client;
    const bucket = this.#bucket(app.id);
    if (!bucket.take(clock.monotonic())) return tokenRateLimited(bucket.waitSeconds);
    const fault = await assertionFault(claimed, app, clock.now());
    if (fault !== undefined) return fault;
    if (!claimed.audiences.some((text) => isAudience(text, hosts))) return tokenErrors.audience;
    const scopes = request.scopes.length === 0 ? app.scopes : request.scopes;
    if (!scopes.every((name) => app.scopes.includes(name))) return tokenErrors.scope;
    return this.#use(claimed) ?? this.#give(app, claimed.keyId, scopes, oauth.secret);
  }

  #bucket(app: string): TokenBucket {
    const known = this.#buckets.get(app);
    if (known !== undefined) return known;
    const made = new TokenBucket(limits.tokenRequestsPerSecond, this.#deps.clock.monotonic());
    this.#buckets.set(app, made);
    return made;
  }

  #use({ app, jti, expiresAt }: ClaimedAssertion): TokenError | undefined {
    try {
      const use = this.#deps.used.use(app, jti, expiresAt);
      if (use === 'fresh') return undefined;
      return use === 'used' ? tokenErrors.replayed : tokenErrors.unavailable;
    } catch (err) {
      this.#deps.logger.error({ err }, 'the used assertions of OAuth clients cannot be kept');
      return tokenErrors.unavailable;
    }
  }

  #give(app: OAuthAppConfig, key: string, scopes: readonly string[], secret: string): GivenToken {
    const issuedAt = Math.floor(this.#deps.clock.now() / 1000);
    const scope = [...new Set(scopes)].join(' ');
    const token = {
      id: this.#deps.randomHex(16),
      app: app.id,
      key,
      generation: app.generation,
      scope,
      issuedAt,
      expiresAt: issuedAt + app.tokenSeconds,
    };
    return {
      access_token: signAccessToken(token, secret),
      token_type: 'Bearer',
      expires_in: app.tokenSeconds,
      scope,
    };
  }
}
