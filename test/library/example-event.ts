import type { Event, EventType } from '../../src/core/event.ts';
import type { JsonObject } from '../../src/core/json.ts';

const time = '2026-11-20T10:20:30.456Z';
const person = {
  email: 'ada@example.com',
  phone: '+14155552671',
  firstName: 'Ada',
  lastName: 'Byron',
  name: 'Ada Byron',
  username: 'ada',
  birthday: '1990-12-10',
  gender: 'female',
  company: { id: 'c1', name: 'Engines', industry: 'Computing' },
  address: {
    street: '1 Market St',
    city: 'San Francisco',
    state: 'CA',
    postalCode: '94105',
    country: 'US',
  },
  createdAt: time,
  plan: 'pro',
  my_audience: true,
};
const product = {
  product_id: 'p1',
  sku: 's1',
  category: 'Games',
  name: 'Chess',
  brand: 'Good',
  variant: '200',
  price: 18.99,
  quantity: 2,
  coupon: 'MAY',
  position: 3,
  url: 'https://shop.example.com/p1',
  image_url: 'https://shop.example.com/p1.jpg',
};
const properties = {
  ...person,
  ...product,
  id: 'i1',
  order_id: 'o1',
  checkout_id: 'ck1',
  query: 'chess',
  total: 37.98,
  revenue: 37.98,
  value: 37.98,
  subtotal: 37.98,
  shipping: 1,
  tax: 2,
  discount: 1,
  currency: 'USD',
  products: [product, { ...product, product_id: 'p2' }],
  title: 'Shop',
  path: '/p1',
  search: '?a=1',
  referrer: 'https://search.example.com/',
  audience_key: 'my_audience',
  message: 'hello',
  method: 'email',
  list_id: 'l1',
};

const context: JsonObject = {
  ip: '8.8.8.8',
  locale: 'en-US',
  timezone: 'America/Los_Angeles',
  userAgent:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
  library: { name: 'analytics.js', version: '2.0' },
  page: {
    url: 'https://shop.example.com/p1?gclid=g1&fbclid=f1',
    path: '/p1',
    title: 'Shop',
    search: '?gclid=g1',
    referrer: 'https://search.example.com/',
  },
  campaign: { name: 'c', source: 's', medium: 'm', term: 't', content: 'x' },
  app: { name: 'App', version: '1.2.3', build: '4', namespace: 'com.example.app' },
  device: {
    id: 'd1',
    type: 'ios',
    advertisingId: '7A3CBEA0-BDF5-11E4-8DFC-AA07A5B093DB',
    adTrackingEnabled: true,
    manufacturer: 'Apple',
    model: 'iPhone',
    token: 'push-token',
  },
  os: { name: 'iOS', version: '17.0' },
  network: { carrier: 'T', cellular: true, wifi: false },
  screen: { width: 320, height: 568, density: 2 },
  location: { city: 'San Francisco', country: 'US', latitude: 37.7, longitude: -122.4 },
  traits: person,
  personas: {
    computation_class: 'audience',
    computation_key: 'my_audience',
    computation_id: 'aud_1',
    external_audience_id: '123456',
    space_id: 'spa_1',
    namespace: 'spa_1',
    audience_settings: { listId: 'l1', audienceName: 'My audience' },
  },
};

/** One event with everything that the spec knows of its type. `name`: of a track call. */
function exampleEvent(type: EventType, name = 'Order Completed'): Event {
  const common = {
    type,
    messageId: '0190f0a0-1111-7222-8333-444455556666',
    userId: '5f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b',
    anonymousId: '6a7b8c9d-0e1f-4a2b-8c3d-4e5f60718293',
    context,
    integrations: {},
    timestamp: time,
    originalTimestamp: time,
    sentAt: time,
    receivedAt: time,
  };
  switch (type) {
    case 'track':
      return { ...common, event: name, properties };
    case 'page':
    case 'screen':
      return { ...common, name: 'Shop', category: 'Buying', properties };
    case 'identify':
      return { ...common, traits: person };
    case 'group':
      return { ...common, groupId: 'group-1', traits: { ...person, name: 'Engines' } };
    case 'alias':
      return { ...common, previousId: 'anon-1' };
  }
}

/** The first example that a trigger takes: of every type, and of every event that the trigger names. */
export function exampleFor(trigger: string, takes: (event: Event) => boolean): Event | undefined {
  const names = [...trigger.matchAll(/["']([^"']+)["']/g)].map(([, name]) => name ?? '');
  const types = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
  const all = types.flatMap((type) =>
    type === 'track'
      ? ['Order Completed', ...names].map((name) => exampleEvent(type, name))
      : [exampleEvent(type)],
  );
  return all.find((event) => takes(event));
}
