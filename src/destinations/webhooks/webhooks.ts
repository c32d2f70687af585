import { createHash } from 'node:crypto';
import type { DestinationDefinition, Lane, LaneResult } from '../../core/destination.ts';
import { deletionEvent, deletionOf } from '../deletion-event.ts';
import { postToAny, postToHook } from './post-to-hook.ts';
import { readWebhookSettings } from './webhook-settings.ts';

/**
 * The classic webhooks destination (spec tracking-api §13): each event is posted as it is stored.
 * Every URL is a lane of its own, so that a dead one delays itself alone; with `anyUrl` they are one
 * lane in which a single success is enough.
 */
export const webhooksDestination: DestinationDefinition = {
  // The public metadata id of Segment's "Webhooks" (classic); "Webhooks (Actions)" is another one.
  id: '54521fdc25e721e32a72ef04',
  slug: 'webhooks',
  name: 'Webhooks',
  description: 'Posts every event as JSON to up to five URLs of your own.',
  website: 'https://en.wikipedia.org/wiki/Webhook',
  categories: ['Raw Data'],
  supports: ['identify', 'track', 'page', 'screen', 'group', 'alias'],
  options: [
    {
      name: 'hooks',
      label: 'Webhook URLs',
      description:
        'Up to five URLs that each event is posted to. An entry may also be an object with `hook` and its own `headers`.',
      type: 'array',
      required: true,
      defaultValue: [],
    },
    {
      name: 'sharedSecret',
      label: 'Shared secret',
      description:
        'When set, `X-Signature` carries the hex HMAC-SHA1 of the request body under this secret.',
      type: 'password',
      required: false,
      defaultValue: '',
    },
    {
      name: 'headers',
      label: 'Headers',
      description: 'Sent with each request.',
      type: 'text-map',
      required: false,
      defaultValue: {},
    },
    {
      name: 'anyUrl',
      label: 'Any URL is enough',
      description:
        'On: an event counts as delivered once any one URL took it. Off: every URL gets every event, with retries of its own.',
      type: 'boolean',
      required: false,
      defaultValue: false,
    },
  ],
  lanes(settings): LaneResult {
    const read = readWebhookSettings(settings);
    if (!read.ok) return read;
    const { hooks, anyUrl, sharedSecret } = read.settings;
    if (anyUrl) return { ok: true, lanes: [textLane('any', postToAny(hooks, sharedSecret))] };
    const lanes = hooks.map((hook) => textLane(laneId(hook.url), postToHook(hook, sharedSecret)));
    return { ok: true, lanes };
  },
  /** As an event of the type `delete`, to every URL, also where one of them is enough for others. */
  async deleteUser({ settings }, user, { http, signal, regulation, askedAt }) {
    const read = readWebhookSettings(settings);
    if (!read.ok) return { state: 'failed', message: read.problem, retry: false };
    const { hooks, sharedSecret } = read.settings;
    const messageId = `delete-${regulation}-${user.userId ?? user.anonymousId}`;
    const event = { ...deletionEvent(user, askedAt), messageId, channel: 'server' };
    const text = JSON.stringify(event);
    const context = { http, signal, text, options: {}, attempt: 1, now: () => askedAt };
    const posts = hooks.map((hook) => postToHook(hook, sharedSecret)(context));
    const answers = (await Promise.all(posts)).map(deletionOf);
    const failed = answers.filter((answer) => answer.state === 'failed');
    return failed.find(({ retry }) => retry) ?? failed[0] ?? { state: 'deleted' };
  },
};

function textLane(id: string, sendText: NonNullable<Lane['sendText']>): Lane {
  return { id, send: (_event, context) => sendText(context), sendText };
}

/** Stable for a URL and free of what stands in it: lane ids appear in logs and metrics. */
function laneId(url: string): string {
  return createHash('sha256').update(url).digest('hex').slice(0, 16);
}
