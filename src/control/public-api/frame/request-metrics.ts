import type { FastifyInstance } from 'fastify';
import { Counter, Histogram, type Registry } from '../../../core/prometheus.ts';

/** Counts and times the requests by operation. What is no operation counts as `none`: names are bounded. */
export function requestMetrics(app: FastifyInstance, registry: Registry): void {
  const requests = new Counter({
    name: 'tributary_api_requests_total',
    help: 'API requests by operation and status.',
    labelNames: ['operation', 'status'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'tributary_api_request_seconds',
    help: 'Time to answer an API request.',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const operation = operationName(request.routeOptions.config);
    requests.inc({ operation, status: reply.statusCode });
    seconds.observe(reply.elapsedTime / 1_000);
  });
}

function operationName(config: object): string {
  return 'operationId' in config && typeof config.operationId === 'string'
    ? config.operationId
    : 'none';
}
