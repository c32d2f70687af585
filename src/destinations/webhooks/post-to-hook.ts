import { createHmac } from 'node:crypto';
import type { DeliveryResult, Lane } from '../../core/destination.ts';
import { limits } from '../../core/limits.ts';
import { resultOfAnswer } from './result-of-answer.ts';
import type { Hook } from './webhook-settings.ts';

type PostText = NonNullable<Lane['sendText']>;

/** Posts the event's text as stored; signed when there is a secret. */
export function postToHook(hook: Hook, sharedSecret: string): PostText {
  const headers = { ...hook.headers, 'content-type': 'application/json' };
  return async (context) => {
    const answer = await context.http.request({
      method: 'POST',
      url: hook.url,
      headers:
        sharedSecret === ''
          ? headers
          : { ...headers, 'x-signature': signature(sharedSecret, context.text) },
      body: context.text,
      timeoutMs: limits.sendTimeoutMs,
      signal: context.signal,
    });
    return resultOfAnswer(answer, context.now());
  };
}

/**
 * Posts to all at once; one success delivers the event and nothing is repeated to the others.
 * Otherwise it is repeated to all as long as one of them may still take it.
 */
export function postToAny(hooks: readonly Hook[], sharedSecret: string): PostText {
  const posts = hooks.map((hook) => postToHook(hook, sharedSecret));
  return async (context) => {
    const results = await Promise.all(posts.map((post) => post(context)));
    return results.find(({ kind }) => kind === 'delivered') ?? soonest(results) ?? firstOf(results);
  };
}

function soonest(results: readonly DeliveryResult[]): DeliveryResult | undefined {
  const retries = results.filter((result) => result.kind === 'retry');
  return retries.sort((a, b) => (a.retryAfterMs ?? 0) - (b.retryAfterMs ?? 0))[0];
}

function firstOf(results: readonly DeliveryResult[]): DeliveryResult {
  return results[0] ?? { kind: 'discard', code: 'invalid_settings', message: 'No URL' };
}

/** Hex HMAC-SHA1 over the body (spec tracking-api §13). */
function signature(sharedSecret: string, body: string): string {
  return createHmac('sha1', sharedSecret).update(body).digest('hex');
}
