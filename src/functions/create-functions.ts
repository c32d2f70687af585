import type { Clock } from '../core/clock.ts';
import type { FunctionInvocation, FunctionReport, Functions } from '../core/functions.ts';
import type { Http } from '../core/http.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import { FunctionProcess } from './function-process.ts';
import type { FunctionBounds } from './protocol.ts';
import { redact } from './redact.ts';

export interface FunctionsOptions {
  /** What `fetch` goes through: with the target guard. */
  readonly http: Http;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Tests tighten them. */
  readonly bounds?: Partial<FunctionBounds>;
}

/** Functions, and what operators and tests see of them. */
export interface FunctionsEngine extends Functions {
  /** The ids of the processes that run now. */
  pids(): readonly number[];
}

const defaultBounds: FunctionBounds = {
  wallMs: limits.functionWallMs,
  cpuMs: limits.functionCpuMs,
  pingMs: limits.functionPingMs,
  memoryMegabytes: limits.functionMegabytes,
  contexts: limits.functionContexts,
  waiting: limits.functionWaiting,
  instances: limits.functionInstances,
  logLength: limits.functionLogLength,
  resultLength: limits.functionResultLength,
  requests: limits.functionRequests,
  requestBytes: limits.functionRequestBytes,
  answerBytes: limits.functionAnswerBytes,
};

/**
 * Runs users' code in processes of its own, which start with the first invocation. Code that broke a
 * bound, or was at work when its process died, runs apart from the rest for a while: so it can
 * trouble others once, and then only its like.
 */
export function createFunctions(options: FunctionsOptions): FunctionsEngine {
  const { clock } = options;
  const bounds = { ...defaultBounds, ...options.bounds };
  const apartUntil = new Map<string, number>();
  const onOffence = (version: string): void => {
    apartUntil.delete(version);
    apartUntil.set(version, clock.monotonic() + limits.functionApartMs);
  };
  const make = (name: string): FunctionProcess =>
    new FunctionProcess({ ...options, name, bounds, onOffence });
  const steady = make('functions');
  const apart = Array.from({ length: limits.functionApartProcesses }, (_, at) =>
    make(`functions-apart-${at}`),
  );

  const processFor = (version: string): FunctionProcess => {
    const until = apartUntil.get(version);
    if (until === undefined) return steady;
    if (until > clock.monotonic()) return apart[sumOf(version) % apart.length] ?? steady;
    apartUntil.delete(version);
    return steady;
  };

  return {
    invoke: async (invocation: FunctionInvocation): Promise<FunctionReport> =>
      redact(await processFor(invocation.version.id).invoke(invocation), invocation),
    pids: () => [steady, ...apart].flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    stop: async () => {
      await Promise.all([steady, ...apart].map((one) => one.stop()));
    },
  };
}

function sumOf(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum += text.charCodeAt(at);
  return sum;
}
