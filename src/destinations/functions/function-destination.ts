import type {
  BatchContext,
  BatchedEvent,
  DeliveryResult,
  DestinationDefinition,
  Lane,
} from '../../core/destination.ts';
import { eventTypes } from '../../core/event.ts';
import { resultOfItem, resultOfOutcome } from '../../core/function-result.ts';
import {
  type ConnectedFunction,
  type FunctionInput,
  type FunctionReport,
  type Functions,
  functionDestinationSlug,
} from '../../core/functions.ts';
import type { JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { deletionEvent, deletionOf } from '../deletion-event.ts';

/**
 * Destination functions: code of the workspace in place of a definition (spec tracking-api §12). It is no kind of
 * the catalogue; a function that is deployed becomes one there, under an id of its own.
 */
export function functionDestination(functions: Functions): DestinationDefinition {
  return {
    id: '0f6e63646573740000000001',
    slug: functionDestinationSlug,
    name: 'Destination function',
    description: 'Code of the workspace that sends events elsewhere.',
    website: '',
    categories: [],
    supports: eventTypes,
    options: [],
    lanes: (settings, owner) => {
      if (owner.function === undefined) {
        return { ok: false, problem: 'No version of the function is deployed' };
      }
      const lane = functionLane(functions, { ...owner, function: owner.function, settings });
      return { ok: true, lanes: [lane] };
    },
    deleteUser: async ({ id, settings, function: connected }, user, { signal, askedAt }) => {
      if (connected === undefined) {
        const message = 'No version of the function is deployed.';
        return { state: 'failed', message, retry: false };
      }
      const { version, secrets } = connected;
      const text = JSON.stringify(deletionEvent(user, askedAt));
      const input = { kind: 'event', type: 'delete', text } as const;
      const report = await functions.invoke({
        ...{ version, secrets, input, signal, settings },
        instance: id,
      });
      const { outcome } = report;
      const isMissing = outcome.kind === 'failed' && outcome.failure === 'unsupported_event_type';
      return isMissing ? { state: 'unsupported' } : deletionOf(resultOfOutcome(outcome, 1));
    },
  };
}

interface Target {
  readonly connection: string;
  readonly function: ConnectedFunction;
  readonly settings: JsonObject;
}

function functionLane(functions: Functions, target: Target): Lane {
  const { version, secrets } = target.function;
  const invoke = (input: FunctionInput, signal: AbortSignal): Promise<FunctionReport> =>
    functions.invoke({
      ...{ version, secrets, input, signal },
      instance: target.connection,
      settings: target.settings,
    });
  const sendOne = async (
    { event, text }: Pick<BatchedEvent, 'event' | 'text'>,
    signal: AbortSignal,
    attempt: number,
  ): Promise<DeliveryResult> => {
    const input = { kind: 'event', type: event.type, text } as const;
    return resultOfOutcome((await invoke(input, signal)).outcome, attempt);
  };

  /** All of a batch, or one by one where the code has no `onBatch` after all. */
  async function sendBatch(
    batch: readonly BatchedEvent[],
    { signal }: BatchContext,
  ): Promise<readonly DeliveryResult[]> {
    const texts = batch.map(({ text }) => text);
    const { outcome } = await invoke({ kind: 'batch', texts }, signal);
    if (outcome.kind === 'items') return outcome.items.map(resultOfItem);
    if (outcome.kind !== 'failed' || outcome.failure !== 'unsupported_event_type') {
      return batch.map(() => resultOfOutcome(outcome, 1));
    }
    const results: DeliveryResult[] = [];
    for (const one of batch) results.push(await sendOne(one, signal, 1));
    return results;
  }

  const send: Lane['send'] = (event, { text, signal, attempt }) =>
    sendOne({ event, text }, signal, attempt);
  if (!/\bonBatch\b/.test(version.code)) return { id: 'function', send };
  const group = { key: 'all', mostEvents: limits.functionBatchEvents };
  return { id: 'function', send, batches: { groupOf: () => group, sendBatch } };
}
