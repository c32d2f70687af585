import assert from 'node:assert/strict';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TributaryError } from '../../../core/errors.ts';
import { tokenHash } from '../../../core/token-hash.ts';
import { authenticate, bearerToken } from '../../access/authenticate.ts';
import type { AnswerStyle, Principal } from '../../access/principal.ts';
import type { TokenGuard } from '../../access/token-guard.ts';
import type { TokenUses } from '../../access/token-uses.ts';
import type { Environment } from '../../environment.ts';
import { RateLimited } from './rate-limited.ts';
import type { RateLimiter, RateState } from './rate-limiter.ts';

export interface RequestsDeps {
  readonly environment: Environment;
  readonly limiter: RateLimiter;
  readonly guard: TokenGuard;
  readonly uses: TokenUses;
}

/** Who makes the requests in flight: looked up once, known until the answer is sent. For every API. */
export class Requests {
  readonly #deps: RequestsDeps;
  readonly #principals = new WeakMap<FastifyRequest, Principal>();

  constructor(deps: RequestsDeps) {
    this.#deps = deps;
  }

  /** Rejects with `authentication_error`, or with `RateLimited` where too many unknown tokens came from. */
  async authenticate(request: FastifyRequest): Promise<Principal> {
    const { environment, guard, uses } = this.#deps;
    const address = addressOf(request);
    const token = bearerToken(request.headers.authorization);
    const hash = tokenHash(token);
    const waitMs = guard.waitMs(address, hash);
    if (waitMs > 0) throw new RateLimited(slowed(waitMs));
    const principal = await authenticate(environment.db, hash, environment.clock.now());
    if (principal === undefined) {
      guard.failed(address);
      throw new TributaryError('authentication_error', 'The access token is not valid');
    }
    guard.passed(hash);
    uses.used(principal.tokenId);
    this.#principals.set(request, principal);
    return principal;
  }

  /** Counts a request of the token under this name, shows the count, and refuses what is too much. */
  count(principal: Principal, name: string, perMinute: number, reply: FastifyReply): void {
    const state = this.#deps.limiter.consume(`${principal.tokenId} ${name}`, perMinute);
    const resetAt = this.#deps.environment.clock.now() + state.resetMs;
    reply.header('x-ratelimit-consumed', state.consumed);
    reply.header('x-ratelimit-remaining', state.remaining);
    reply.header('x-ratelimit-reset', new Date(resetAt).toUTCString());
    if (!state.allowed) throw new RateLimited(state);
  }

  /** Of a request that `authenticate` has let pass. */
  principal(request: FastifyRequest): Principal {
    const principal = this.#principals.get(request);
    assert(principal !== undefined, 'every request is authenticated first');
    return principal;
  }

  /** How the answer is worded: as the token asks for, else as the server is set. */
  answers(request: FastifyRequest): AnswerStyle {
    return this.#principals.get(request)?.answers ?? this.#deps.environment.answers;
  }
}

/** Ingest, through which all requests come, says who sent them; what a client says of itself it takes out. */
function addressOf(request: FastifyRequest): string {
  const header = request.headers['x-forwarded-for'];
  return (typeof header === 'string' ? header.split(',')[0] : undefined) ?? request.ip;
}

function slowed(resetMs: number): RateState {
  return { allowed: false, consumed: 0, remaining: 0, resetMs };
}
