import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.ts';
import type { DiscardCode } from '../core/discard-codes.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { AcceptedLog } from './accepted-log.ts';
import { checkSingle } from './check-batch.ts';
import type { Clients } from './client/clients.ts';
import { basicKey, bodyKey, queryKey } from './credentials.ts';
import { type Inflated, isGzip } from './inflate-body.ts';
import type { Inflater } from './inflater.ts';
import type { IngestCounters } from './ingest-counters.ts';
import type { Intake } from './intake.ts';
import { isPrefetch } from './is-prefetch.ts';
import { judgeBatch } from './judge-batch.ts';
import type { KeyUseReport } from './key-use.ts';
import type { AccessRefusal } from './oauth/access-refusals.ts';
import type { AccessTokens } from './oauth/access-tokens.ts';
import type { Outage } from './outage.ts';
import { Payload, parsePayload } from './payload.ts';
import { type Problem, problem } from './problem.ts';
import { problems, rateLimited } from './problems.ts';
import type { SourceRegistry } from './source-registry.ts';
import type { SourceState } from './source-state.ts';
import { lacksMessageId } from './validate-event.ts';
import { type Judgement, storable, type Verdict } from './verdict.ts';
import type { Wire } from './wire.ts';
import type { WriteKey } from './write-key.ts';

/** What every call of the Tracking API shares. */
export interface Tracking {
  readonly sources: SourceRegistry;
  readonly intake: Intake;
  readonly inflater: Inflater;
  readonly keyUse: KeyUseReport;
  readonly tokens: AccessTokens;
  readonly log: AcceptedLog;
  readonly clients: Clients;
  readonly counters: IngestCounters;
  readonly outage: Outage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly hasRoom: () => boolean;
  readonly randomHex: (bytes: number) => string;
}

/**
 * One request of the Tracking API, by the decision procedure of spec tracking-api, Appendix A: read,
 * parse, authenticate, limit, validate, append, and only once that is durable, answer.
 */
export class TrackingCall {
  readonly #shared: Tracking;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #wire: Wire;
  #key: WriteKey | undefined;
  /** The Authorization header where it is not a Basic one. */
  #bearer: string | undefined;
  #started = 0;

  constructor(shared: Tracking, request: IncomingMessage, response: ServerResponse, wire: Wire) {
    this.#shared = shared;
    this.#request = request;
    this.#response = response;
    this.#wire = wire;
  }

  /** Reads the request; all else follows from its end. */
  start(): void {
    const fault = this.#judgeHead();
    if (fault !== undefined) this.#fail(fault);
    else {
      const most = this.#largest();
      this.#shared.intake.receive(this.#request, most, (body) =>
        this.#attempt(() => this.#received(body)),
      );
    }
  }

  /** The same for a call whose body does not come as one. */
  startWith(body: Buffer): void {
    this.#attempt(() => this.#received(body));
  }

  #judgeHead(): Problem | undefined {
    const { headers } = this.#request;
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && !knownEncoding.test(encoding)) return problems.encoding;
    const declared = headers['content-length'];
    const isTooLarge = Number(declared) > this.#largest();
    return isTooLarge ? problems.tooLarge : undefined;
  }

  /** Takes a step that may refuse. A defect in it costs this request a 500, not the process. */
  #attempt(step: () => Problem | undefined): void {
    let fault: Problem | undefined;
    try {
      fault = step();
    } catch (err) {
      this.#shared.logger.error({ err }, 'a tracking call met a defect');
      fault = problems.internal;
    }
    if (fault !== undefined) this.#fail(fault);
  }

  #received(body: Buffer | Problem): Problem | undefined {
    if (!Buffer.isBuffer(body)) return body;
    const { sources, clock } = this.#shared;
    this.#started = clock.monotonic();
    if (!this.#shared.hasRoom()) return problems.unavailable;
    const { key } = this.#wire;
    const header = key === undefined ? this.#request.headers.authorization : undefined;
    const named = header === undefined ? key : sources.byHeader(header);
    if (named !== undefined && named !== 'unknown') {
      const fault = this.#admit(named);
      if (fault !== undefined) return fault;
    }
    if (named === undefined) this.#bearer = header;
    const isUnknown = named === 'unknown';
    // Behind another request on its connection a response has no socket yet.
    if (this.#response.socket !== null) return this.#read(body, isUnknown);
    const step = () => this.#attempt(() => this.#read(body, isUnknown));
    const hasRoom = this.#shared.inflater.inOrder(this.#request.socket, body.length, step);
    return hasRoom ? undefined : problems.overloaded;
  }

  #read(body: Buffer, isUnknown: boolean): Problem | undefined {
    if (!isGzip(body)) return this.#parse(body, isUnknown);
    this.#shared.inflater.inflate(this.#request.socket, body, this.#most(), (inflated) =>
      this.#attempt(() => this.#inflated(inflated, isUnknown)),
    );
    return undefined;
  }

  #inflated(inflated: Inflated, isUnknown: boolean): Problem | undefined {
    if (inflated.kind === 'inflated') return this.#parse(inflated.body, isUnknown);
    return inflationProblems[inflated.kind];
  }

  #parse(body: Buffer, isUnknown: boolean): Problem | undefined {
    if (body.length > this.#most()) return problems.tooLarge;
    const payload = parsePayload(body);
    if (!(payload instanceof Payload)) return payload;
    let key = this.#key;
    if (key === undefined) {
      key = isUnknown ? undefined : this.#find(payload.skimmed);
      if (key === undefined) return this.#unknownKey(payload.skimmed);
      const fault = this.#admit(key);
      if (fault !== undefined) return fault;
      if (body.length > this.#most()) return problems.tooLarge;
    }
    const refusal = this.#refusal(key.source);
    if (refusal === undefined) this.#commit(key, this.#judge(key.source, payload));
    else {
      const { discard, problem } = refusal;
      if (discard === undefined) return problem;
      this.#commit(key, this.#discard(payload, discard, problem));
    }
    return undefined;
  }

  /** The key in body or query, for a request whose header names none. */
  #find(body: JsonObject): WriteKey | undefined {
    const key = bodyKey(body) ?? queryKey(this.#request.url ?? '');
    return key === undefined ? undefined : this.#shared.sources.byKey(key);
  }

  /** Why the key, wherever it stands, is refused. */
  #unknownKey(body: JsonObject): Problem {
    const { headers, url = '' } = this.#request;
    const key = basicKey(headers.authorization ?? '') ?? bodyKey(body) ?? queryKey(url);
    return this.#shared.sources.regionProblem(key) ?? problems.writeKey;
  }

  #admit(key: WriteKey): Problem | undefined {
    this.#key = key;
    const { source } = key;
    if (this.#wire.isUnlimited === true) return undefined;
    return source.take(this.#started) ? undefined : rateLimited(source.waitSeconds);
  }

  /** Why the request lacks what its source asks for beyond the write key. */
  #refusal(source: SourceState): AccessRefusal | undefined {
    if (this.#bearer === undefined && !source.requiresOAuth) return undefined;
    const userAgent = this.#request.headers['user-agent'];
    return this.#shared.tokens.refusal(this.#bearer, source, userAgent);
  }

  /** Bytes the body may have, as far as the source is known. */
  #most(): number {
    const source = this.#key?.source;
    const { mostBytes, path } = this.#wire;
    if (source === undefined || mostBytes !== undefined) return this.#largest();
    return path === 'batch' ? source.requestBytes : source.eventBytes;
  }

  /** Bytes a body may have whoever sends it. */
  #largest(): number {
    return this.#wire.mostBytes ?? this.#shared.sources.largestRequest;
  }

  #judge(source: SourceState, payload: Payload): Judgement {
    const { path, translate } = this.#wire;
    if (!source.enabled) return this.#discard(payload, 'source_disabled');
    if (path === 'batch') return this.#judgeBatch(source, payload);
    const call = translate === undefined ? payload : translate(payload, this.#request);
    const refusal = call instanceof Payload ? checkSingle(path, call.skimmed) : call;
    if (refusal === undefined && call instanceof Payload) {
      return { payload: call, verdict: { good: 1, lacksId: lacksMessageId(call.skimmed) } };
    }
    assert(refusal !== undefined, 'what is no call is refused');
    const { code, message, field } = refusal;
    const rejections = [{ index: 0, refusal }];
    const fault = problem('validation_error', message, { detail: code, field });
    return { payload: storable(payload), verdict: { good: 0, rejections, problem: fault } };
  }

  #judgeBatch(source: SourceState, payload: Payload): Judgement {
    const { takesObjects, translate } = this.#wire;
    const batch = translate === undefined ? payload : translate(payload, this.#request);
    if (batch instanceof Payload) return judgeBatch(source, batch, takesObjects);
    const { code, message, field } = batch;
    const fault = problem('validation_error', message, { detail: code, field });
    return this.#discard(payload, code, fault);
  }

  /** The whole request is a discard; answered 200 where there is no problem. */
  #discard(payload: Payload, discard: DiscardCode, problem?: Problem): Judgement {
    const isBatch = this.#wire.path === 'batch';
    const items: Json | undefined = isBatch ? payload.skimmed['batch'] : undefined;
    const count = Array.isArray(items) ? items.length : 1;
    const verdict: Verdict = { good: 0, discard, count, ...(problem && { problem }) };
    return { payload: storable(payload), verdict };
  }

  #commit(key: WriteKey, { payload, verdict }: Judgement): void {
    const { clients, clock, keyUse, log, outage, randomHex } = this.#shared;
    const { headers } = this.#request;
    const { source } = key;
    const { path } = this.#wire;
    const isOurs = this.#wire.key !== undefined;
    const time = clock.now();
    keyUse.note(key, time);
    const appended = log.append({
      source,
      payload,
      time,
      call: path === 'batch' ? undefined : path,
      items: path === 'batch' ? itemsOf(verdict) : undefined,
      ip: isOurs ? undefined : clients.address(this.#request),
      userAgent: isOurs ? undefined : headers['user-agent']?.slice(0, limits.userAgentLength),
      refused: verdict.rejections?.map(({ index, refusal }) =>
        refusal.field === undefined ? [index, refusal.code] : [index, refusal.code, refusal.field],
      ),
      nonce: verdict.lacksId === true ? randomHex(16) : undefined,
      discard: verdict.discard,
      test: key.isTest || undefined,
      prefetch: (source.judgesBots && isPrefetch(headers)) || undefined,
    });
    // The log has copied the payload. While the flush runs only its size is kept: with many requests
    // under way their parsed bodies would be most of the memory.
    const { length } = payload.bytes;
    appended.then(
      () => this.#durable(source, verdict, length),
      (cause: unknown) => {
        outage.began(cause);
        this.#fail(problems.unavailable);
      },
    );
  }

  #durable(source: SourceState, verdict: Verdict, bytes: number): void {
    const { counters, outage, clock } = this.#shared;
    const { answers } = this.#wire;
    outage.ended();
    source.accepted += verdict.good;
    if (verdict.good === 0 || verdict.rejections !== undefined) counters.refuse(source, verdict);
    counters.acknowledge(verdict, bytes, clock.monotonic() - this.#started);
    if (verdict.problem !== undefined) {
      answers.problem(this.#response, verdict.problem, source);
    } else if (verdict.answer !== undefined) answers.ok(this.#response, source, verdict.answer);
    else answers.success(this.#response, source);
  }

  #fail(problem: Problem): void {
    this.#shared.counters.fail(problem.code);
    this.#wire.answers.problem(this.#response, problem, this.#key?.source);
  }
}

const inflationProblems = {
  'too-large': problems.tooLarge,
  corrupt: problems.malformedGzip,
  overloaded: problems.overloaded,
};

const knownEncoding = /^\s*(?:gzip|x-gzip|identity)?\s*$/i;

function itemsOf({ good, rejections }: Verdict): number {
  return good + (rejections?.length ?? 0);
}
