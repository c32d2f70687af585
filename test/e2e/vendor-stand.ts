import type { TestContext } from 'node:test';
import { bodyOf, loopbackServer } from '../../src/core/testing/loopback-server.ts';
import { eventually } from '../rig/eventually.ts';

/** One call that a vendor's script made to the vendor: its name and its first argument. */
export interface VendorCall {
  readonly vendor: string;
  readonly method: string;
  readonly value: unknown;
}

export interface VendorStand {
  readonly url: string;
  readonly calls: readonly VendorCall[];
  /** The events that a vendor was told of so far, once it was told of `last`. */
  eventsUntil(vendor: 'ripe' | 'ga4', last: string): Promise<unknown[]>;
}

/** What Ripe's own script would do with the stub that Segment's plugin leaves: call home. */
const ripe = (url: string) => `
const call = (method) => (value) => navigator.sendBeacon(
  '${url}/collect', JSON.stringify({ vendor: 'ripe', method, value }));
window.Ripe = Object.fromEntries(
  ['group', 'identify', 'init', 'page', 'track'].map((method) => [method, call(method)]));`;

/** What Google's script would do with the list that Segment's plugin fills. */
const gtag = (url: string) => `
const take = ([method, value]) => navigator.sendBeacon(
  '${url}/collect', JSON.stringify({ vendor: 'ga4', method, value }));
window.dataLayer.forEach(take);
window.dataLayer.push = take;`;

/** Stands for the vendors of two destinations in the browser: serves their scripts and takes their calls. */
export async function startVendors(t: TestContext): Promise<VendorStand> {
  const calls: VendorCall[] = [];
  const server = await loopbackServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://vendor');
    if (request.method === 'POST') {
      calls.push(JSON.parse(await bodyOf(request)));
      response.writeHead(204).end();
    } else {
      const script = pathname.startsWith('/gtag/') ? gtag(server.url) : ripe(server.url);
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    }
  });
  const { url } = server;
  t.after(() => server.close());
  const events = (vendor: string) => calls.filter((one) => one.vendor === vendor).flatMap(eventOf);
  return {
    url,
    calls,
    eventsUntil: async (vendor, last) => {
      await eventually(`${vendor} hears of ${last}`, () => events(vendor).includes(last));
      return events(vendor).filter((event) => event !== last);
    },
  };
}

/** Ripe's `track` takes an object, Google's `event` the name. */
function eventOf({ method, value }: VendorCall): unknown[] {
  if (method === 'event') return [value];
  const isTrack = method === 'track' && typeof value === 'object' && value !== null;
  return isTrack && 'event' in value ? [value.event] : [];
}
