import type { DeliveryResult, DestinationDefinition, Lane } from '../../core/destination.ts';
import type { Json } from '../../core/json.ts';

/** A destination for tests: one lane a URL of `hooks`, each event's text posted; statuses as their class says. */
export const postDestination: DestinationDefinition = {
  id: '000000000000000000000001',
  slug: 'post',
  name: 'Post',
  description: '',
  website: '',
  categories: [],
  supports: ['identify', 'track', 'page', 'screen', 'group'],
  options: [],
  lanes({ hooks }) {
    if (!Array.isArray(hooks)) return { ok: false, problem: 'hooks: at least one URL is needed' };
    return { ok: true, lanes: hooks.map((hook: Json) => laneTo(String(hook))) };
  },
};

function laneTo(url: string): Lane {
  return {
    id: url.replaceAll(/\W/g, ''),
    async send(_event, { http, text, signal, options }): Promise<DeliveryResult> {
      const headers = { options: JSON.stringify(options) };
      const request = { method: 'POST', url, headers, body: text, timeoutMs: 10_000 } as const;
      const answer = await http.request({ ...request, signal });
      if ('failure' in answer) return { kind: 'retry', message: answer.message };
      const { status, body } = answer;
      if (status < 300) return { kind: 'delivered', status };
      const message = `HTTP ${status}`;
      if (status < 500 && status !== 429) {
        return { kind: 'discard', code: 'message_rejected', message, status };
      }
      const retryAfterMs = Number(answer.headers['retry-after'] ?? 0) * 1_000;
      return { kind: 'retry', message: body === '' ? message : body, status, retryAfterMs };
    },
  };
}
