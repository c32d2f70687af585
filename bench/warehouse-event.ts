const names = Array.from({ length: 20 }, (_, index) => `Order Step ${index}`);
const users = 20_000;

/** An event as a shop would send it, about 700 bytes: eight of ten are track calls of twenty names. */
export function benchEvent(n: number) {
  const at = new Date(Date.UTC(2026, 10, 21) + n * 20).toISOString();
  const user = `user-${(n * 7919) % users}`;
  const common = {
    messageId: `ajs-next-${1_795_000_000_000 + n}-5b2f7d0e-${n}`,
    anonymousId: `8c1f2d3e-4a5b-6c7d-8e9f-${String((n * 7919) % users).padStart(12, '0')}`,
    userId: user,
    context: {
      ip: `203.0.113.${n % 250}`,
      library: { name: 'analytics.js', version: 'next-1.84.3' },
      locale: 'de-DE',
      page: {
        path: `/products/${n % 500}`,
        referrer: 'https://www.example.com/',
        title: `Product ${n % 500}`,
        url: `https://shop.example.com/products/${n % 500}?color=red`,
      },
      userAgent:
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0',
    },
    integrations: {},
    timestamp: at,
    originalTimestamp: at,
    sentAt: at,
    receivedAt: at,
  };
  const kind = n % 10;
  if (kind === 0) {
    const traits = {
      email: `${user}@example.com`,
      plan: n % 3 === 0 ? 'pro' : 'free',
      logins: n % 100,
    };
    return { ...common, type: 'identify', traits };
  }
  if (kind === 1)
    return { ...common, type: 'page', name: `Product ${n % 500}`, properties: { tab: n % 4 } };
  const properties = {
    order_id: `o-${n}`,
    revenue: (n % 10_000) / 100 + 0.01,
    quantity: n % 7,
    currency: 'EUR',
    coupon: n % 9 === 0 ? 'SUMMER' : null,
    is_gift: n % 11 === 0,
    products: [{ sku: `sku-${n % 300}`, price: 12.5 }],
  };
  return { ...common, type: 'track', event: names[n % names.length] ?? '', properties };
}
