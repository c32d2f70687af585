import type { IncomingMessage } from 'node:http';
import type { JsonObject } from '../core/json.ts';
import type { Logger } from '../core/logger.ts';
import type { Answers } from './answers.ts';
import { problem } from './problem.ts';
import type { PathRoute } from './route.ts';

/** What `/health` answers: whether ingest can accept, and the state of the parts of the node. */
export interface Health {
  readonly ok: boolean;
  readonly parts: JsonObject;
}

export interface Service {
  readonly answers: Answers;
  readonly logger: Logger;
  readonly health: () => Promise<Health>;
  readonly metricsText: () => Promise<string>;
  /** Whether who asks may see the metrics. */
  readonly mayReadMetrics: (request: IncomingMessage) => boolean;
}

const noHealth = problem('unavailable', 'The health cannot be told just now', { retryAfter: 1 });
const noMetrics = problem('unavailable', 'The metrics cannot be read just now', { retryAfter: 1 });

const noToken = problem('authentication_error', 'An access token is required');

/** `/health`: 200 while ingest can accept, else 503, with the parts' state. */
export function healthRoute({ answers, logger, health }: Service): PathRoute {
  return {
    path: '/health',
    route: {
      method: 'GET',
      handle: (_request, response) => {
        health().then(
          (state) => {
            const body = JSON.stringify(state);
            const headers = ['Content-Type', 'application/json', 'Cache-Control', 'no-store'];
            headers.push('Content-Length', String(Buffer.byteLength(body)));
            response.writeHead(state.ok ? 200 : 503, headers).end(body);
          },
          (err: unknown) => {
            logger.error({ err }, 'the health cannot be told');
            answers.problem(response, noHealth);
          },
        );
      },
    },
  };
}

/** `/metrics`: Prometheus text, for those who may read it. */
export function metricsRoute(service: Service): PathRoute {
  const { answers, logger, metricsText, mayReadMetrics } = service;
  return {
    path: '/metrics',
    route: {
      method: 'GET',
      handle: (request, response) => {
        if (!mayReadMetrics(request)) {
          return answers.problem(response, noToken, undefined, ['WWW-Authenticate', 'Bearer']);
        }
        return void metricsText().then(
          (text) => {
            const headers = ['Content-Type', 'text/plain; version=0.0.4; charset=utf-8'];
            headers.push('Content-Length', String(Buffer.byteLength(text)));
            response.writeHead(200, headers).end(text);
          },
          (err: unknown) => {
            logger.error({ err }, 'the metrics cannot be read');
            answers.problem(response, noMetrics);
          },
        );
      },
    },
  };
}
