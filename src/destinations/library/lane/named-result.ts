import type { DeliveryResult } from '../../../core/destination.ts';
import type { SubscriptionConfig } from '../../../core/subscription-config.ts';

const taken: DeliveryResult = { kind: 'delivered', status: 200 };

export function delivered(status: number | undefined): DeliveryResult {
  if (status === 200) return taken;
  return status === undefined ? { kind: 'delivered' } : { kind: 'delivered', status };
}

/** The message says which subscription it is about. */
export function named({ name }: SubscriptionConfig, result: DeliveryResult): DeliveryResult {
  return result.kind === 'delivered'
    ? result
    : { ...result, message: `${name}: ${result.message}` };
}

/** Of an event of which nothing is left to do: a part that was refused is what is said of it. */
export function summary(results: readonly DeliveryResult[]): DeliveryResult {
  return results.find(({ kind }) => kind === 'discard') ?? results[0] ?? { kind: 'delivered' };
}
