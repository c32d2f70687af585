import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJsonObject, type Json } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { objectItemType } from '../../core/objects.ts';
import type { Answers } from '../answers.ts';
import { queryKey } from '../credentials.ts';
import { judgeBatch } from '../judge-batch.ts';
import { payloadOf } from '../payload.ts';
import { type Problem, problem } from '../problem.ts';
import { problems, rateLimited } from '../problems.ts';
import type { PathRoute } from '../route.ts';
import type { Tracking } from '../tracking-call.ts';
import type { WriteKey } from '../write-key.ts';
import { BulkSyncs } from './bulk-syncs.ts';
import { readObjects, type UploadFault } from './read-objects.ts';

const bounds = { eventBytes: limits.bulkObjectBytes, batchEvents: Number.MAX_SAFE_INTEGER };
const noSync = problem('not_found', 'There is no such sync, or it is over');
const tooLarge = problem('upload_too_large', 'The upload is too large');

/**
 * The Objects Bulk API: `/v0/start`, `/v0/upload/<sync>`, `/v0/keep-alive/<sync>` and `/v0/finish/<sync>` (spec tracking-api
 * §2.7). Objects are durable piece by piece as they arrive; of an upload that is refused or breaks off, what came before it stays, and
 * the same upload again changes nothing: objects are merged by their id.
 */
export function bulkRoutes(tracking: Tracking, answers: Answers): PathRoute[] {
  const { clock, intake, keyUse, log, logger, outage, randomHex, sources, tokens } = tracking;
  const syncs = new BulkSyncs(clock, randomHex);
  const uploading = new Map<WriteKey, number>();

  /** The key of a request that may go on, or why it may not. */
  function admit(request: IncomingMessage, sync: string | undefined): WriteKey | Problem {
    const { headers, url = '' } = request;
    const { authorization } = headers;
    const named = authorization === undefined ? undefined : sources.byHeader(authorization);
    const key = named ?? sources.byKey(queryKey(url) ?? '');
    if (key === undefined || key === 'unknown') return problems.writeKey;
    if (!tracking.hasRoom()) return problems.unavailable;
    const { source } = key;
    if (!source.take(clock.monotonic())) return rateLimited(source.waitSeconds);
    const bearer = named === undefined ? authorization : undefined;
    if (bearer !== undefined || source.requiresOAuth) {
      const refusal = tokens.refusal(bearer, source, headers['user-agent']);
      if (refusal !== undefined) return refusal.problem;
    }
    return sync === undefined || syncs.hear(sync, key) ? key : noSync;
  }

  async function append(key: WriteKey, items: readonly Json[]): Promise<number> {
    const { source } = key;
    const batch = items.map((item) =>
      isJsonObject(item)
        ? {
            type: objectItemType,
            ...{ collection: item['collection'], id: item['id'], properties: item['properties'] },
          }
        : item,
    );
    const { payload, verdict } = judgeBatch(bounds, payloadOf({ batch }), true);
    const { good, rejections = [], discard } = verdict;
    await log.append({
      ...{ source, payload, time: clock.now(), items: items.length, nonce: randomHex(16) },
      ...{ ip: undefined, userAgent: undefined, test: key.isTest || undefined },
      discard: source.enabled ? discard : 'source_disabled',
      refused: rejections.map(({ index, refusal: { code, field } }) =>
        field === undefined ? [index, code] : [index, code, field],
      ),
    });
    for (const { refusal } of rejections) source.countRefused(refusal.code, 1);
    if (source.enabled) source.accepted += good;
    return rejections.length;
  }

  async function upload(request: IncomingMessage, key: WriteKey): Promise<Problem | undefined> {
    const objects = readObjects(request);
    for (;;) {
      const { done, value } = await objects.next();
      if (done === true) return value && faultProblem(value);
      try {
        await append(key, value);
      } catch (cause) {
        outage.began(cause);
        return problems.unavailable;
      }
      outage.ended();
    }
  }

  function receive(request: IncomingMessage, response: ServerResponse, key: WriteKey): void {
    const underWay = uploading.get(key) ?? 0;
    if (underWay >= limits.bulkUploads) {
      answers.problem(response, rateLimited(limits.unavailableRetryAfter), key.source);
      return;
    }
    uploading.set(key, underWay + 1);
    keyUse.note(key, clock.now());
    upload(request, key)
      .then((fault) => {
        if (fault === undefined) {
          answers.made(response, key.source, JSON.stringify({ part_id: randomHex(16) }));
          return;
        }
        answers.problem(response, fault, key.source);
        request.resume();
      })
      .catch((err: unknown) => {
        // The client broke off.
        if (request.destroyed && !request.complete) return;
        logger.error({ err }, 'an upload of objects met a defect');
        answers.problem(response, problems.internal, key.source);
      })
      .finally(() => {
        const left = (uploading.get(key) ?? 1) - 1;
        if (left === 0) uploading.delete(key);
        else uploading.set(key, left);
      });
  }

  /** A path whose body says nothing that counts. */
  function small(
    path: string | RegExp,
    answer: (response: ServerResponse, key: WriteKey, sync: string) => void,
  ): PathRoute {
    return {
      path,
      route: {
        method: 'POST',
        handle: (request, response, [sync]) => {
          const key = admit(request, sync);
          if (!('source' in key)) return answers.problem(response, key);
          intake.receive(request, limits.eventBytes, (body) => {
            if (!Buffer.isBuffer(body)) return answers.problem(response, body, key.source);
            answer(response, key, sync ?? '');
          });
        },
      },
    };
  }

  return [
    small('/v0/start', (response, key) =>
      answers.made(response, key.source, JSON.stringify({ sync_id: syncs.begin(key) })),
    ),
    small(/^\/v0\/keep-alive\/([^/]+)$/, (response, key) => answers.success(response, key.source)),
    small(/^\/v0\/finish\/([^/]+)$/, (response, key, sync) => {
      syncs.end(sync);
      answers.taken(response, key.source);
    }),
    {
      path: /^\/v0\/upload\/([^/]+)$/,
      route: {
        method: 'POST',
        handle: (request, response, [sync]) => {
          const key = admit(request, sync);
          if (!('source' in key)) return answers.problem(response, key);
          if (Number(request.headers['content-length']) > limits.bulkUploadBytes) {
            return answers.problem(response, tooLarge, key.source);
          }
          receive(request, response, key);
        },
      },
    },
  ];
}

function faultProblem(fault: UploadFault): Problem {
  switch (fault.kind) {
    case 'gzip':
      return problems.malformedGzip;
    case 'too-large':
      return tooLarge;
    case 'line-too-long':
      return problem('validation_error', `Line ${fault.line} is longer than an object may be`);
    case 'no-json':
      return problem('validation_error', `Line ${fault.line} is not valid JSON`);
  }
}
