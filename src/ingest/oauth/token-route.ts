import type { IncomingMessage, ServerResponse } from 'node:http';
import { limits } from '../../core/limits.ts';
import type { Registry } from '../../core/prometheus.ts';
import type { Answers } from '../answers.ts';
import type { Clients } from '../client/clients.ts';
import type { Intake } from '../intake.ts';
import { problems } from '../problems.ts';
import type { PathRoute } from '../route.ts';
import { standardQuota } from '../source-state.ts';
import { TokenCounter } from './token-counter.ts';
import { type GivenToken, TokenEndpoint, type TokenEndpointDeps } from './token-endpoint.ts';
import { type TokenError, tokenErrors } from './token-error.ts';
import { readTokenRequest } from './token-request.ts';

export interface TokenRouteDeps extends TokenEndpointDeps {
  readonly answers: Answers;
  readonly intake: Intake;
  readonly clients: Clients;
  readonly registry: Registry;
}

const notKept = ['Cache-Control', 'no-store'];

/** `POST /token`: where OAuth clients fetch their access tokens (spec tracking-api §3.4). */
export function tokenRoute(deps: TokenRouteDeps): PathRoute {
  const { answers, clients, intake, logger } = deps;
  const endpoint = new TokenEndpoint(deps);
  const counter = new TokenCounter(deps.registry);

  function answer(response: ServerResponse, result: GivenToken | TokenError): void {
    if ('error' in result) {
      counter.add(result.error);
      answers.problem(response, result, standardQuota, notKept);
    } else {
      counter.add('ok');
      answers.ok(response, standardQuota, JSON.stringify(result), notKept);
    }
  }

  function received(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const wanted = readTokenRequest(body);
    if ('error' in wanted) {
      answer(response, wanted);
      return;
    }
    const hosts = [clients.origin(request).host, clients.headers(request).host];
    endpoint.answer(wanted, hosts).then(
      (result) => answer(response, result),
      (err: unknown) => {
        logger.error({ err }, 'a request for an access token met a defect');
        answer(response, tokenErrors.internal);
      },
    );
  }

  return {
    path: '/token',
    route: {
      method: 'POST',
      handle: (request, response) => {
        const fault = headFault(request);
        if (fault !== undefined) {
          answer(response, fault);
          return;
        }
        intake.receive(request, limits.tokenRequestBytes, (body) => {
          if (Buffer.isBuffer(body)) received(request, response, body);
          else if (body === problems.tooLarge) answer(response, tokenErrors.tooLarge);
          else answer(response, tokenErrors.busy);
        });
      },
    },
  };
}

function headFault({ headers }: IncomingMessage): TokenError | undefined {
  const type = headers['content-type'] ?? 'application/x-www-form-urlencoded';
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type)) return tokenErrors.mediaType;
  const encoding = headers['content-encoding'] ?? 'identity';
  return encoding === 'identity' ? undefined : tokenErrors.encoding;
}
