import type { TestContext } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import type {
  FunctionInvocation,
  FunctionKind,
  FunctionOutcome,
  FunctionReport,
} from '../../core/functions.ts';
import type { Http, HttpAnswer, HttpFailure, HttpRequest } from '../../core/http.ts';
import { silentLogger } from '../../core/logger.ts';
import { createFunctions, type FunctionsEngine } from '../create-functions.ts';
import type { FunctionBounds } from '../protocol.ts';

type Answer = (request: HttpRequest) => Partial<HttpAnswer> | HttpFailure | Promise<never>;

export interface FunctionsRig {
  readonly engine: FunctionsEngine;
  /** What was sent, in that order. */
  readonly requests: HttpRequest[];
  /** Runs `code` of a destination function, unless `more` says otherwise, on a track event. */
  run(code: string, more?: RunOptions): Promise<FunctionReport>;
  /** The same, and its outcome alone. */
  outcome(code: string, more?: RunOptions): Promise<FunctionOutcome>;
  /** What the source function `code` emits first: a short way to look at a value in an isolate. */
  value(expression: string, before?: string): Promise<unknown>;
}

export interface RunOptions extends Partial<Omit<FunctionInvocation, 'version'>> {
  readonly kind?: FunctionKind;
  readonly event?: object;
  readonly version?: string;
}

export interface RigOptions {
  readonly bounds?: Partial<FunctionBounds>;
  readonly answer?: Answer;
  readonly http?: Http;
}

/** The engine with real processes; requests meet `answer`, by default an empty 200. */
export function functionsRig(t: TestContext, options: RigOptions = {}): FunctionsRig {
  const requests: HttpRequest[] = [];
  const http: Http = options.http ?? {
    request: async (request) => {
      requests.push(request);
      const answer = await (options.answer?.(request) ?? {});
      if ('failure' in answer) return answer;
      const { body = '', ...rest } = answer;
      return { status: 200, headers: {}, bytes: Buffer.from(body), ...rest, body: '' };
    },
  };
  const engine = createFunctions({
    http,
    clock: systemClock,
    logger: silentLogger,
    ...(options.bounds ? { bounds: options.bounds } : {}),
  });
  t.after(() => engine.stop());
  const run = (code: string, more: RunOptions = {}): Promise<FunctionReport> => {
    const { kind = 'destination', event = trackEvent, version, ...rest } = more;
    return engine.invoke({
      version: { id: version ?? `${kind}:${code}`, kind, code },
      instance: 'one',
      settings: {},
      input: { kind: 'event', type: 'track', text: JSON.stringify(event) },
      ...rest,
    });
  };
  const outcome = async (code: string, more?: RunOptions): Promise<FunctionOutcome> =>
    (await run(code, more)).outcome;
  return {
    engine,
    requests,
    run,
    outcome,
    value: async (expression, before = '') => {
      const code = `${before}\nasync function onTrack() { return { value: ${expression} }; }`;
      const seen = await outcome(code, { kind: 'insert' });
      if (seen.kind === 'event') return Reflect.get(JSON.parse(seen.text), 'value');
      return seen;
    },
  };
}

const trackEvent = {
  type: 'track',
  event: 'Order Completed',
  messageId: 'm1',
  userId: 'u1',
  properties: { total: 12.5 },
};
