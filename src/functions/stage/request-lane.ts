import { createHash } from 'node:crypto';
import type { DeliveryResult, DestinationDefinition, Lane } from '../../core/destination.ts';
import type { Emit } from '../../core/entrance.ts';
import { eventTypes } from '../../core/event.ts';
import { resultOfOutcome } from '../../core/function-result.ts';
import type { ConnectedFunction, EmittedCall, Functions } from '../../core/functions.ts';
import type { JsonObject } from '../../core/json.ts';
import { parseStagedRequest, sourceOfStaged } from '../../core/staged-request.ts';

export const requestSlug = 'staged-requests';

/** Where requests to source functions go: through the code, and what it sends is handed to ingest. */
export function requestDefinition(functions: Functions, emit: Emit): DestinationDefinition {
  return {
    ...{ id: '0f6e63646573740000000003', slug: requestSlug, name: '', description: '' },
    ...{ website: '', categories: [], supports: eventTypes, options: [] },
    takesAll: true,
    lanes: (settings, { connection, function: code }) => {
      if (code === undefined)
        return { ok: false, problem: 'No version of the function is deployed' };
      return { ok: true, lanes: [requestLane(functions, emit, { connection, code, settings })] };
    },
  };
}

interface Target {
  readonly connection: string;
  readonly code: ConnectedFunction;
  readonly settings: JsonObject;
}

function requestLane(functions: Functions, emit: Emit, target: Target): Lane {
  const { version, secrets } = target.code;
  const source = sourceOfStaged(target.connection);
  return {
    id: 'function',
    send: async (_event, { text, signal, attempt, meta }): Promise<DeliveryResult> => {
      const { request, messageId } = parseStagedRequest(text);
      const { outcome } = await functions.invoke({
        ...{ version, secrets, settings: target.settings, signal },
        ...{ instance: source, input: { kind: 'request', request } },
      });
      if (outcome.kind !== 'emitted') {
        const result = resultOfOutcome(outcome, attempt);
        return result.kind === 'discard' ? { ...result, code: 'function_rejected' } : result;
      }
      if (outcome.calls.length === 0) return { kind: 'delivered' };
      const items = outcome.calls.map((call, at) => itemOf(call, messageId, at));
      const taken = await emit({ source, items, ...(meta?.test && { test: true }) });
      if (taken.kind === 'taken') return { kind: 'delivered' };
      const { message } = taken;
      if (taken.kind === 'failed') return { kind: 'retry', message };
      return { kind: 'discard', code: 'function_rejected', message };
    },
  };
}

/** The item of a batch that a call stands for: the same whenever the request is tried again. */
function itemOf({ type, payload }: EmittedCall, cause: string, at: number): JsonObject {
  const { messageId } = payload;
  const isNamed = typeof messageId === 'string' && messageId !== '';
  return { ...payload, type, messageId: isNamed ? messageId : derivedId(cause, at) };
}

function derivedId(cause: string, at: number): string {
  return `fn-${createHash('sha256').update(`${cause}.${at}`).digest('hex').slice(0, 32)}`;
}
