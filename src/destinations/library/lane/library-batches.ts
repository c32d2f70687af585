import type {
  BatchContext,
  BatchedEvent,
  BatchGroup,
  DeliveryResult,
  LaneBatches,
} from '../../../core/destination.ts';
import type { Event } from '../../../core/event.ts';
import type { BatchAnswer } from '../package/library-package.ts';
import { type AudienceGiver, audienceMark } from './audience-giver.ts';
import { type BatchRule, batchRule } from './batch-rule.ts';
import type { LibraryAccount } from './library-account.ts';
import { delivered, named, summary } from './named-result.ts';
import { resultOfStatus } from './result-of-failure.ts';
import type { Subscribed } from './subscribed.ts';

/** Statuses by which a vendor may refuse a whole batch because of one of its events. */
const ofTheContent = new Set([400, 413, 422]);

/**
 * Batches of events that the same subscriptions take. An event that one of them takes singly goes alone, so that it
 * is delivered by all of them before the next one of its user.
 */
export function libraryBatches(
  account: LibraryAccount,
  matching: (event: Event) => readonly Subscribed[],
  give: AudienceGiver,
): LaneBatches {
  const rules = new Map<string, BatchRule | undefined>();
  const ruleOf = (one: Subscribed): BatchRule | undefined => {
    if (!rules.has(one.id)) rules.set(one.id, batchRule(one, account.action(one.action)));
    return rules.get(one.id);
  };

  let last: BatchGroup | undefined;
  return {
    groupOf(plain) {
      const event = give(plain);
      let key = audienceMark(event);
      let mostEvents = Number.POSITIVE_INFINITY;
      for (const one of matching(event)) {
        const rule = ruleOf(one);
        if (rule === undefined) return undefined;
        key += `${one.id} ${rule.keyOf(event)} `;
        mostEvents = Math.min(mostEvents, rule.mostEvents);
      }
      if (mostEvents === Number.POSITIVE_INFINITY) return undefined;
      // Most often the same as for the last event.
      if (last?.key !== key || last.mostEvents !== mostEvents) last = { key, mostEvents };
      return last;
    },

    async sendBatch(given, context) {
      const batch = given.map((one) => {
        const event = give(one.event);
        return event === one.event ? one : { ...one, event };
      });
      const [first] = batch;
      const subscriptions = first === undefined ? [] : matching(first.event);
      const [only] = subscriptions;
      const isFirst = batch.every(({ memory }) => memory?.settled === undefined);
      // Most often: there is nothing to put together.
      if (only !== undefined && subscriptions.length === 1 && isFirst) {
        const results = await run(account, only, batch, context);
        return batch.map((_, index) => named(only, results[index] ?? silent));
      }
      return await sendToSeveral(account, subscriptions, batch, context);
    },
  };
}

/** A result for each event of what all subscriptions came to; what some have settled is not sent again by them. */
async function sendToSeveral(
  account: LibraryAccount,
  subscriptions: readonly Subscribed[],
  batch: readonly BatchedEvent[],
  context: BatchContext,
): Promise<readonly DeliveryResult[]> {
  const settled = batch.map(({ memory }) => new Map(memory?.settled));
  const retries: (DeliveryResult | undefined)[] = batch.map(() => undefined);
  await Promise.all(
    subscriptions.map(async (one) => {
      const open = batch.flatMap((_, index) => (settled[index]?.has(one.id) ? [] : [index]));
      const events = open.flatMap((index) => batch[index] ?? []);
      const results = events.length === 0 ? [] : await run(account, one, events, context);
      for (const [at, index] of open.entries()) {
        const result = named(one, results[at] ?? silent);
        if (result.kind === 'retry') retries[index] ??= result;
        else settled[index]?.set(one.id, result);
      }
    }),
  );
  return batch.map(({ memory }, index) => {
    const retry = retries[index];
    const own = settled[index] ?? new Map();
    if (retry === undefined) return summary([...own.values()]);
    if (memory !== undefined) memory.settled = own;
    return retry;
  });
}

const silent: DeliveryResult = {
  kind: 'discard',
  code: 'internal',
  message: "The destination's code said nothing of the event",
};

/** A batch that is refused as a whole is sent again in halves, until what is wrong stands alone. */
async function run(
  account: LibraryAccount,
  subscription: Subscribed,
  batch: readonly BatchedEvent[],
  context: BatchContext,
): Promise<readonly DeliveryResult[]> {
  const { action, mapping } = subscription;
  const call = async () => {
    const events = batch.map(({ event }) => event);
    return await account.call(
      context,
      mapping,
      (destination, input) => destination.executeBatch(action, { ...input, events }),
      (answers) => answers.some((answer) => answer?.status === 401),
    );
  };
  let refused: DeliveryResult;
  try {
    const called = await call();
    if (called.ok) return batch.map((_, index) => resultOf(called.value[index], called.status));
    refused = called.result;
    const isSplit = refused.kind === 'discard' && isOfTheContent(refused);
    if (!isSplit || batch.length === 1) return batch.map(() => refused);
  } catch (error) {
    // A bug of the definition, which one event may have woken: the others are not to suffer.
    if (batch.length === 1) return [{ kind: 'discard', code: 'internal', message: String(error) }];
  }
  const half = Math.ceil(batch.length / 2);
  const first = await run(account, subscription, batch.slice(0, half), context);
  return [...first, ...(await run(account, subscription, batch.slice(half), context))];
}

function isOfTheContent({ status }: DeliveryResult): boolean {
  return status !== undefined && ofTheContent.has(status);
}

function resultOf(answer: BatchAnswer | undefined, status: number | undefined): DeliveryResult {
  if (answer?.status === undefined) return silent;
  const { errormessage = `status ${answer.status}`, errortype } = answer;
  if (answer.status < 300) return delivered(status ?? answer.status);
  if (errortype === 'PAYLOAD_VALIDATION_FAILED' && answer.status === 400) {
    return { kind: 'discard', code: 'payload_validation_failed', message: errormessage };
  }
  return resultOfStatus(answer.status, errormessage);
}
