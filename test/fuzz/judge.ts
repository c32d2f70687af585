import { gunzipSync } from 'node:zlib';
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { limits } from '../../src/core/limits.ts';
import { readMark } from './mark.ts';
import type { WireAnswer } from './read-answers.ts';
import type { Rendered, WireRequest } from './wire-request.ts';

/** What must come of an event: it arrives, it never does, it is taken and for no destination, or nobody can tell. */
export type Fate = 'must' | 'never' | 'filtered' | 'may';

export interface EventFate {
  /** Undefined where mutation has spoilt it. */
  readonly mark: string | undefined;
  readonly fate: Fate;
  /** Events with the same one arrive once. */
  readonly messageId: string | undefined;
}

/** What one answer means. */
export interface Judgement {
  readonly events: readonly EventFate[];
  /** Events that the metrics must count; `unsure` may be counted as either. */
  readonly accepted: number;
  readonly refused: number;
  readonly unsure: number;
  /** What must not be. */
  readonly problem?: string;
}

const nothing = { accepted: 0, refused: 0, unsure: 0 };

/** 503 and 501 are documented answers; the first only while the server cannot take more. */
const documented = new Set(['log_unavailable', 'unavailable', 'not_implemented']);

export function judge(request: WireRequest, sent: Rendered, answer: WireAnswer): Judgement {
  const path = pathOf(request.target);
  const text = unpacked(sent.received);
  const value = text === undefined ? undefined : parsed(text);
  const problem = badAnswer(path, request, answer);
  if (problem !== undefined) return { ...none(path, value), problem };
  const { status } = answer;
  if (path.startsWith('pixel')) return pixel(request, status);
  const kind = kindOf(path);
  const isTaken = status === 200 || (kind === 'hit' && status === 204);
  if (kind === undefined || request.method !== 'POST' || !isTaken) {
    return { ...none(path, value), refused: refusedBy(answer, kind, value) };
  }
  const why =
    request.isForeign === true
      ? 'a request without a known key was taken'
      : !isJsonObject(value)
        ? 'what is no JSON object was taken'
        : undefined;
  if (why !== undefined || !isJsonObject(value))
    return { ...none(path, value), problem: why ?? '' };
  return kind === 'batch' ? batch(value, answer) : single(kind, value);
}

/** The fate of events whose request got no answer, or had no claim to one. */
export function unanswered(request: WireRequest, sent: Rendered, fate: Fate): Judgement {
  const path = pathOf(request.target);
  const text = unpacked(sent.received);
  const events = path.startsWith('pixel')
    ? [{ mark: markInPixel(request.target), messageId: undefined }]
    : none(path, text === undefined ? undefined : parsed(text)).events;
  return {
    ...nothing,
    unsure: fate === 'may' ? Math.max(1, events.length) : 0,
    events: events.map((event) => ({ ...event, fate })),
  };
}

/** Whether it would bring events. */
export function isTracking({ method, target }: WireRequest): boolean {
  return method === 'POST' && kindOf(pathOf(target)) !== undefined;
}

/** The path by which the server routes. */
function pathOf(target: string): string {
  const local = target.replace(/^https?:\/\/[^/?]*/i, '').replace(/\?.*$/s, '');
  const path = local.replaceAll(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
  return /^\/(?:v1\/pixel|pixel\/v1)\/\w+$/.test(path) ? `pixel ${path}` : path;
}

function kindOf(path: string): 'batch' | 'call' | 'hit' | undefined {
  if (/^\/v1\/(?:batch|import|b)$/.test(path) || path === '/beacon/v1/batch') return 'batch';
  if (path === '/track') return 'hit';
  const call = /^\/v1\/(?:track|identify|page|screen|group|alias|[tipsga])$/;
  return call.test(path) ? 'call' : undefined;
}

function unpacked(body: Buffer): Buffer | undefined {
  if (body[0] !== 0x1f || body[1] !== 0x8b || body.length < 3) return body;
  try {
    return gunzipSync(body, { maxOutputLength: 16 * 1024 * 1024 });
  } catch {
    return undefined; // No server can read it either.
  }
}

function parsed(text: Buffer): Json | undefined {
  try {
    return JSON.parse(text.toString().replace(/^\ufeff/, ''));
  } catch {
    return undefined; // Told by the result.
  }
}

/** All events in a body, none of which may arrive. */
function none(path: string, value: Json | undefined): Judgement {
  const items = isJsonObject(value) && Array.isArray(value['batch']) ? value['batch'] : [value];
  const events = items.map((item: Json | undefined) => {
    const isHit = path === '/track';
    const inner = isJsonObject(item) && isHit ? item['event'] : item;
    const id = isJsonObject(item) ? item[isHit ? 'hitId' : 'messageId'] : undefined;
    return { mark: readMark(inner)?.text, fate: 'never', messageId: idOf(id) } as const;
  });
  return { ...nothing, events };
}

function badAnswer(path: string, request: WireRequest, answer: WireAnswer): string | undefined {
  const { status, body, headers } = answer;
  const said = isJson(headers) ? parsed(body) : undefined;
  if (status >= 500) {
    const code = isJsonObject(said) && isJsonObject(said['error']) ? said['error']['code'] : '';
    const apiCode = /"(?:not-implemented|not_implemented)"/.test(body.toString());
    const isKnown = (status === 503 || status === 501) && (documented.has(String(code)) || apiCode);
    return isKnown ? undefined : `answered ${status}`;
  }
  if (kindOf(path) === undefined || status === 204 || request.method === 'HEAD') return undefined;
  return isJsonObject(said) && typeof said['success'] === 'boolean'
    ? undefined
    : `${status} without the body that clients read: ${body.toString().slice(0, 200)}`;
}

const isJson = (headers: WireAnswer['headers']) => /json/.test(headers.get('content-type') ?? '');

function pixel(request: WireRequest, status: number): Judgement {
  // Only as it was drawn is its fate known: the picture comes whatever happens.
  const isWhole = request.method === 'GET' && status === 200 && request.isUncertain !== true;
  const mark = markInPixel(request.target);
  const fate: Fate = isWhole ? 'must' : 'may';
  const events = [{ mark, fate, messageId: undefined }];
  return isWhole ? { ...nothing, accepted: 1, events } : { ...nothing, unsure: 1, events };
}

function markInPixel(target: string): string | undefined {
  const query = new URLSearchParams(target.slice(target.indexOf('?') + 1));
  const data = query.get('data');
  const event: Json =
    data === null
      ? Object.fromEntries(query)
      : (parsed(Buffer.from(data.replaceAll(' ', '+'), 'base64')) ?? null);
  return readMark(event)?.text;
}

function single(kind: 'call' | 'hit', value: JsonObject): Judgement {
  const event = kind === 'hit' ? value['event'] : value;
  const id = kind === 'hit' ? value['hitId'] : value['messageId'];
  const one = fateOf(event, value['integrations'], id);
  return { ...nothing, accepted: 1, events: [one] };
}

function batch(value: JsonObject, answer: WireAnswer): Judgement {
  const items: readonly Json[] = Array.isArray(value['batch']) ? value['batch'] : [];
  if (items.length === 0) return { ...nothing, refused: 1, events: [] };
  const said = parsed(answer.body);
  const list = isJsonObject(said) && Array.isArray(said['rejected']) ? said['rejected'] : [];
  const rejected = new Set(list.map((one: Json) => (isJsonObject(one) ? one['index'] : undefined)));
  // The list of a very bad batch is cut off; what is far beyond the bound is not even recorded.
  const isCut = list.length >= limits.rejectedItems;
  const recorded = Math.min(items.length, limits.batchEvents + limits.refusedItems);
  const envelope = lengthOf([value['context'] ?? 1, value['integrations'] ?? 1]);
  const events = items.map((item, index): EventFate => {
    if (rejected.has(index)) return { ...fateOf(item, undefined, undefined), fate: 'never' };
    const one = routed(item, value['integrations']);
    const isLarge =
      envelope > 14 && (envelope + lengthOf(item) > 31_000 || envelope * items.length > 30_000_000);
    return isCut || (isLarge && one.fate === 'must') ? { ...one, fate: 'may' } : one;
  });
  if (isCut) return { ...nothing, unsure: recorded, events };
  return { accepted: items.length - list.length, refused: list.length, unsure: 0, events };
}

/** Characters as JSON; infinite where it is nested too deeply to be written. */
function lengthOf(value: Json): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function routed(item: Json, shared: Json | undefined): EventFate {
  const own = isJsonObject(item) ? item['integrations'] : undefined;
  const merged = {
    ...(isJsonObject(shared) && shared),
    ...(isJsonObject(own) && own),
  };
  return fateOf(item, merged, isJsonObject(item) ? item['messageId'] : undefined);
}

function fateOf(
  event: Json | undefined,
  integrations: Json | undefined,
  id: Json | undefined,
): EventFate {
  const choice = (name: string) =>
    isJsonObject(integrations) && Object.hasOwn(integrations, name)
      ? integrations[name]
      : undefined;
  const isWanted = (choice('Webhooks') ?? choice('All') ?? true) !== false;
  const fate = isWanted ? 'must' : 'filtered';
  return { mark: readMark(event)?.text, fate, messageId: idOf(id) };
}

const idOf = (id: Json | undefined) => (typeof id === 'string' && id !== '' ? id : undefined);

/** Refused events that the answer to a refused request tells of. */
function refusedBy(
  answer: WireAnswer,
  kind: ReturnType<typeof kindOf>,
  value: Json | undefined,
): number {
  if (answer.status !== 400 || kind === undefined) return 0;
  const said = parsed(answer.body);
  const error = isJsonObject(said) ? said['error'] : undefined;
  if (!isJsonObject(error)) return 0;
  const { code, field } = error;
  if (code === 'validation_error') return kind === 'batch' && field === 'batch' ? 1 : 0;
  if (code === 'payload_too_large' || code === 'https_required') return 0;
  if (kind !== 'batch') return 1;
  const items = isJsonObject(value) ? value['batch'] : undefined;
  return Array.isArray(items) ? items.length : 1;
}
