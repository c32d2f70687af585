import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type EmittedCall,
  type FunctionReport,
  type FunctionRequest,
  functionFailures,
  type SourceFunction,
} from '../../core/functions.ts';
import { limits } from '../../core/limits.ts';
import type { SnapshotHolder } from '../../core/snapshot.ts';
import type { Answers } from '../answers.ts';
import { type Problem, problem } from '../problem.ts';
import { problems, rateLimited } from '../problems.ts';
import type { PathRoute } from '../route.ts';
import { type Tracking, TrackingCall } from '../tracking-call.ts';
import type { Wire } from '../wire.ts';
import type { WriteKey } from '../write-key.ts';

/** Runs the function of a source. Never rejects for what the code does. */
export type RunSourceFunction = (
  sourceId: string,
  code: SourceFunction,
  request: FunctionRequest,
) => Promise<FunctionReport>;

interface FunctionDeps {
  readonly snapshot: SnapshotHolder;
  readonly runFunction?: RunSourceFunction;
}

/** Bytes that what a function sends may have as a batch. */
const mostBytes = limits.functionResultLength;

const contentTypes = /^\s*application\/(?:json|x-www-form-urlencoded)\s*(?:;|$)/i;

const refused = {
  contentType: problem(
    'unsupported_media_type',
    'Content-Type must be application/json or application/x-www-form-urlencoded',
  ),
  notDeployed: problem('not_found', 'No function is deployed for the source'),
  later: problem('unavailable', 'The function asks for the request to be sent again', {
    retryAfter: limits.unavailableRetryAfter,
  }),
  final: problem('validation_error', 'The function did not take the request', {
    detail: 'function_rejected',
  }),
} as const satisfies Record<string, Problem>;

/**
 * `POST /fn/<write key>`: requests of other services, made into events by the function of the source (spec tracking-api
 * §2.8). Success is answered once what it sent is durable; a failure that is worth repeating is a
 * 503, so that who sent the request sends it again; any other is a discard with the request.
 */
export function functionRoutes(
  tracking: Tracking,
  answers: Answers,
  { snapshot, runFunction }: FunctionDeps,
): PathRoute[] {
  const { clients, clock, intake, logger, sources } = tracking;

  async function run(
    key: WriteKey,
    code: SourceFunction,
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
  ): Promise<void> {
    const call = (items: readonly object[], more: Partial<Wire> = {}): void => {
      const wire: Wire = { path: 'batch', answers, mostBytes, isUnlimited: true, key, ...more };
      const batch = Buffer.from(JSON.stringify({ batch: items }));
      new TrackingCall(tracking, request, response, wire).startWith(batch);
    };
    const asked = requestOf(request, body, clients.origin(request));
    const said = (): object[] => [{ type: 'request', ...asked }];
    if (!key.source.enabled || runFunction === undefined) return call(said());
    const { outcome, logs } = await runFunction(key.source.id, code, asked);
    if (outcome.kind === 'emitted') {
      if (outcome.calls.length === 0) return answers.success(response, key.source);
      return call(outcome.calls.map(itemOf));
    }
    const { failure, message } =
      outcome.kind === 'failed' ? outcome : ({ failure: 'bad_request', message: '' } as const);
    logger.info({ source: key.source.id, failure, message, logs }, 'a source function failed');
    if (functionFailures[failure].retry !== 'never') {
      return answers.problem(response, refused.later, key.source);
    }
    call(said(), { discard: { code: 'function_rejected', problem: refused.final } });
  }

  function judgeHead({ headers }: IncomingMessage, key: WriteKey | undefined): Problem | undefined {
    if (key === undefined) return problems.unknownKey;
    if (!contentTypes.test(headers['content-type'] ?? '')) return refused.contentType;
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') return problems.encoding;
    if (Number(headers['content-length']) > limits.sourceFunctionBytes) return problems.tooLarge;
    if (!tracking.hasRoom()) return problems.unavailable;
    return key.source.take(clock.monotonic()) ? undefined : rateLimited(key.source.waitSeconds);
  }

  return [
    {
      path: /^\/fn\/([^/]+)$/,
      route: {
        method: 'POST',
        handle: (request, response, [text = '']) => {
          const key = sources.byKey(text);
          const config = snapshot.current.sources.find(({ id }) => id === key?.source.id);
          const code = config?.function;
          const fault = sources.regionProblem(key === undefined ? text : undefined);
          const refusal = fault ?? judgeHead(request, key);
          if (refusal !== undefined) return answers.problem(response, refusal, key?.source);
          if (key === undefined || code === undefined || runFunction === undefined) {
            return answers.problem(response, refused.notDeployed, key?.source);
          }
          intake.receive(request, limits.sourceFunctionBytes, (body) => {
            if (!Buffer.isBuffer(body)) return answers.problem(response, body, key.source);
            run(key, code, request, response, body).catch((err: unknown) => {
              logger.error({ err }, 'a source function met a defect');
              answers.problem(response, problems.internal, key.source);
            });
          });
        },
      },
    },
  ];
}

/** The item of a batch that a call stands for. */
function itemOf({ type, payload }: EmittedCall): object {
  return { ...payload, type };
}

function requestOf(request: IncomingMessage, body: Buffer, origin: URL): FunctionRequest {
  const texts = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return {
    url: (URL.parse(request.url ?? '/', origin.href) ?? origin).href,
    headers: Object.fromEntries(texts),
    body: body.toString('utf8'),
  };
}
