import type { DeliveryResult } from './destination.ts';
import type { DiscardCode } from './discard-codes.ts';
import {
  type BatchItemOutcome,
  type FunctionFailure,
  type FunctionOutcome,
  functionFailures,
} from './functions.ts';
import { limits } from './limits.ts';

/** What a failure that is not to be repeated is called among the discards. */
const codes: Partial<Record<FunctionFailure, DiscardCode>> = {
  invalid_settings: 'invalid_settings',
  message_rejected: 'message_rejected',
  unsupported_event_type: 'unsupported_event_type',
  dropped: 'filtered_at_insert_function',
};

/** What became of an event, by what its function came to. `attempt` is 1 for the first. */
export function resultOfOutcome(outcome: FunctionOutcome, attempt: number): DeliveryResult {
  if (outcome.kind !== 'failed') return { kind: 'delivered' };
  const { failure, message } = outcome;
  const { retry } = functionFailures[failure];
  if (retry === 'always' || (retry === 'few' && attempt < limits.bugAttempts)) {
    return { kind: 'retry', message: `${failure}: ${message}` };
  }
  return { kind: 'discard', code: codes[failure] ?? 'function_failed', message };
}

/** What became of one event of a batch (spec tracking-api §12): 429 and 5xx are tried again. */
export function resultOfItem({ status, message }: BatchItemOutcome): DeliveryResult {
  if (status >= 200 && status < 400) return { kind: 'delivered', status };
  const said = message === '' ? `The function returned ${status}` : message;
  if (status === 429 || status >= 500) return { kind: 'retry', message: said, status };
  return { kind: 'discard', code: 'message_rejected', message: said, status };
}
