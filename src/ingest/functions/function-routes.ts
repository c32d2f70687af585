import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FunctionRequest } from '../../core/functions.ts';
import { limits } from '../../core/limits.ts';
import type { SnapshotHolder } from '../../core/snapshot.ts';
import type { StagedRequest } from '../../core/staged-request.ts';
import type { Answers } from '../answers.ts';
import { type Problem, problem } from '../problem.ts';
import { problems, rateLimited } from '../problems.ts';
import type { PathRoute } from '../route.ts';
import { type Tracking, TrackingCall } from '../tracking-call.ts';
import type { Wire } from '../wire.ts';
import type { WriteKey } from '../write-key.ts';

/** Bytes that a recorded request may have: its text in JSON, and its headers. */
const mostBytes = 8 * limits.sourceFunctionBytes;

const contentTypes = /^\s*application\/(?:json|x-www-form-urlencoded)\s*(?:;|$)/i;

const refused = {
  contentType: problem(
    'unsupported_media_type',
    'Content-Type must be application/json or application/x-www-form-urlencoded',
  ),
  notDeployed: problem('not_found', 'No function is deployed for the source'),
} as const satisfies Record<string, Problem>;

/**
 * `POST /fn/<write key>`: requests of other services, for the function of the source (spec tracking-api §2.8). 200 says that the
 * request is durable; the function runs after it, behind process, and is tried again when that is worth it.
 */
export function functionRoutes(
  tracking: Tracking,
  answers: Answers,
  { snapshot }: { readonly snapshot: SnapshotHolder },
): PathRoute[] {
  const { clients, clock, intake, keyUse, log, logger, outage, randomHex, sources } = tracking;

  function accept(
    key: WriteKey,
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
  ): void {
    const asked = requestOf(request, body, clients.origin(request));
    const { source } = key;
    if (!source.enabled) {
      const wire: Wire = { path: 'batch', answers, mostBytes, isUnlimited: true, key };
      const batch = Buffer.from(JSON.stringify({ batch: [{ type: 'request', ...asked }] }));
      new TrackingCall(tracking, request, response, wire).startWith(batch);
      return;
    }
    const time = clock.now();
    keyUse.note(key, time);
    const staged: StagedRequest = {
      type: 'track',
      messageId: randomHex(16),
      receivedAt: new Date(time).toISOString(),
      request: { ...asked, headers: { ...asked.headers } },
    };
    log.appendWebhook({ source, time, staged, test: key.isTest }).then(
      () => {
        outage.ended();
        source.accepted += 1;
        answers.success(response, source);
      },
      (cause: unknown) => {
        outage.began(cause);
        answers.problem(response, problems.unavailable, source);
      },
    );
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
          const fault = sources.regionProblem(key === undefined ? text : undefined);
          const refusal = fault ?? judgeHead(request, key);
          if (refusal !== undefined) return answers.problem(response, refusal, key?.source);
          if (key === undefined || config?.function === undefined) {
            return answers.problem(response, refused.notDeployed, key?.source);
          }
          intake.receive(request, limits.sourceFunctionBytes, (body) => {
            if (!Buffer.isBuffer(body)) return answers.problem(response, body, key.source);
            try {
              accept(key, request, response, body);
            } catch (err) {
              logger.error({ err }, 'a request to a source function met a defect');
              answers.problem(response, problems.internal, key.source);
            }
          });
        },
      },
    },
  ];
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
