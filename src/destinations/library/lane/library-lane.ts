import type { ConnectedAudience } from '../../../core/connected-audience.ts';
import type { DeliveryResult, Lane, SendContext } from '../../../core/destination.ts';
import type { Event } from '../../../core/event.ts';
import type { SubscriptionConfig } from '../../../core/subscription-config.ts';
import { parseTrigger } from '../package/library-package.ts';
import { audienceGiver } from './audience-giver.ts';
import type { LibraryAccount } from './library-account.ts';
import { libraryBatches } from './library-batches.ts';
import { delivered, named, summary } from './named-result.ts';
import type { Subscribed } from './subscribed.ts';

/**
 * All subscriptions of one connection: one lane, because the events of a user stay in order across them. An event may be for
 * several; it is delivered once all of them have it, and those that are settled are not run again.
 */
export function libraryLane(
  account: LibraryAccount,
  subscriptions: readonly SubscriptionConfig[],
  audiences: readonly ConnectedAudience[] = [],
): Lane {
  const subscribed = subscriptions.flatMap((one): Subscribed[] => {
    const takes = parseTrigger(one.trigger);
    return takes === undefined ? [] : [{ ...one, takes }];
  });
  const give = audienceGiver(audiences);
  const [only] = subscribed.length === 1 ? subscribed : [];
  const matching = (event: Event): readonly Subscribed[] => {
    if (only !== undefined) return only.takes(event) ? subscribed : [];
    return subscribed.filter(({ takes }) => takes(event));
  };

  return {
    id: 'actions',
    refuse: (event) => {
      const given = give(event);
      return subscribed.some(({ takes }) => takes(given)) ? undefined : 'no_matching_mapping';
    },
    async send(plain, context) {
      const event = give(plain);
      const settled = new Map(context.memory?.settled);
      const open = matching(event).filter(({ id }) => !settled.has(id));
      const results = await Promise.all(open.map((one) => run(account, one, event, context)));
      let retry: DeliveryResult | undefined;
      for (const [index, result] of results.entries()) {
        const id = open[index]?.id ?? '';
        if (result.kind === 'retry') retry ??= result;
        else settled.set(id, result);
      }
      if (retry === undefined) return summary([...settled.values()]);
      if (context.memory !== undefined) context.memory.settled = settled;
      return retry;
    },
    batches: libraryBatches(account, matching, give),
  };
}

async function run(
  account: LibraryAccount,
  subscription: SubscriptionConfig,
  event: Event,
  context: SendContext,
): Promise<DeliveryResult> {
  const { action, mapping } = subscription;
  const called = await account.call(context, mapping, (destination, input) =>
    destination.executeAction(action, { ...input, event }),
  );
  if (called.ok) return delivered(called.status);
  return named(subscription, called.result);
}
