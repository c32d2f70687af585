import { type Random, random } from '../rig/random.ts';
import { eventsOf } from './events.ts';
import { goodFraming } from './framings.ts';
import { mutateBody } from './mutate-body.ts';
import { mutateRequest } from './mutate-request.ts';
import { drawRequest } from './shapes.ts';
import { type Outcome, type Rendered, render, type WireRequest } from './wire-request.ts';

/** What goes over one connection. */
export interface FuzzCase {
  readonly number: number;
  readonly requests: readonly WireRequest[];
  /** The bytes are written in pieces of this size; undefined: all at once. */
  readonly pieces: number | undefined;
}

/** The case of a number: the same for the same seed, whatever ran before. */
export function drawCase(seed: number, number: number): FuzzCase {
  const dice = random((seed ^ Math.imul(number + 1, 0x9e3779b1)) >>> 0);
  const events = eventsOf(number, dice);
  const count = dice.chance(0.7) ? 1 : dice.between(2, 6);
  const requests = Array.from({ length: count }, () =>
    mutated(drawRequest(events, dice), dice, number),
  );
  return { number, requests, pieces: dice.chance(0.15) ? dice.between(1, 700) : undefined };
}

function mutated(original: WireRequest, dice: Random, caseNumber: number): WireRequest {
  let request = original;
  if (request.body !== undefined && dice.chance(0.4)) {
    request = { ...request, framing: goodFraming(dice) };
  }
  // Some stay as they are: good neighbours of the bad.
  if (dice.chance(0.25)) return request;
  for (let count = dice.between(0, 3); count > 0; count--) {
    request = mutateBody(request, dice, caseNumber);
  }
  for (let count = dice.chance(0.5) ? dice.between(1, 2) : 0; count > 0; count--) {
    request = mutateRequest(request, dice);
  }
  return request;
}

/** The methods llhttp knows, as far as they are drawn; others are no HTTP. */
const knownMethods =
  /^(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|TRACE|PROPFIND|SEARCH|PURGE|M-SEARCH|QUERY|LINK)$/;
/** Bytes of a head beyond which it may be refused, and from which on it must be. */
const [headMost, headTooMuch] = [15_000, 17_500];
/** Node counts small headers for more than they are. */
const manyHeaders = 100;

/** A request as it was sent, and what it must come to. */
export interface Sent {
  readonly request: WireRequest;
  readonly rendered: Rendered;
}

/** The requests as bytes, with what each must come to. */
export function renderCase({ requests }: FuzzCase, remark?: (bytes: Buffer) => Buffer): Sent[] {
  return requests.map((request) => {
    const rendered = render(request, remark);
    return { request, rendered: { ...rendered, outcome: outcomeOf(request, rendered) } };
  });
}

const isPlainHeader = ([name, value]: WireRequest['headers'][number]) =>
  /^[\w-]+$/.test(name) &&
  /^[\t\x20-\x7e\x80-\xff]*$/.test(value) &&
  !/^(?:upgrade|expect)$/i.test(name);

function outcomeOf(request: WireRequest, { outcome, bytes }: Rendered): Outcome {
  const { method, target, version, headers } = request;
  if (outcome === 'broken') return outcome;
  const head = bytes.indexOf('\r\n\r\n');
  const isPlainHead =
    knownMethods.test(method) &&
    /^HTTP\/1\.[01]$/.test(version) &&
    headers.length < manyHeaders &&
    headers.every(isPlainHeader) &&
    /^(?:[/*]|https?:\/\/\w)[\x21-\x7e]*$/i.test(target);
  if (head > headTooMuch) return 'broken';
  return isPlainHead && head < headMost ? outcome : 'loose';
}
