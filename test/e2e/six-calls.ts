import type { JsonObject } from '../../src/core/json.ts';

const anonymousId = 'anon-é-1';
export const userId = 'user-東京-1';

/** The calls of the Tracking API in the order a person would make them; the fields a client is given. */
export const sixCalls = {
  page: {
    anonymousId,
    name: 'Home',
    category: 'Docs',
    properties: { price: 1.5, list: [1, 'zwei'] },
  },
  identify: { anonymousId, userId, traits: { email: 'grüße@example.com', plan: null } },
  track: { userId, event: 'Order “Completed”', properties: { revenue: 39.95, nested: { a: [] } } },
  screen: { userId, name: 'Main', properties: { dark: true } },
  group: { userId, groupId: 'group-1', traits: { employees: 12 } },
  alias: { previousId: anonymousId, userId },
} satisfies Record<string, JsonObject>;

export type Call = keyof typeof sixCalls;

/** `sixCalls` as they must arrive: with their type. */
export const expectedCalls: readonly (JsonObject & { type: Call })[] = [
  { type: 'page', ...sixCalls.page },
  { type: 'identify', ...sixCalls.identify },
  { type: 'track', ...sixCalls.track },
  { type: 'screen', ...sixCalls.screen },
  { type: 'group', ...sixCalls.group },
  { type: 'alias', ...sixCalls.alias },
];
