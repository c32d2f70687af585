import { escapeHtml, layout } from './layout.ts';

const curl = (address: string) => `curl ${address}/v1/track -u WRITE_KEY: \\
  -d '{"userId":"u1","event":"Order Completed","properties":{"total":42}}'`;

const sdk = (address: string) => `import { Analytics } from '@segment/analytics-node';

const analytics = new Analytics({ writeKey: 'WRITE_KEY', host: '${address}' });
analytics.track({ userId: 'u1', event: 'Order Completed', properties: { total: 42 } });`;

const webhook = (
  address: string,
) => `curl ${address}/api/destinations -H 'Authorization: Bearer TOKEN' \\
  -H 'Content-Type: application/json' \\
  -d '{"sourceId":"SOURCE_ID","metadataId":"54521fdc25e721e32a72ef04",
       "settings":{"hooks":["https://example.com/hook"]}}'`;

/** What runs here, and how to send a first event to `address`; the API is at `api`. Links are relative: a proxy may add a prefix. */
export function startPage(address: string, api = address): string {
  return layout(
    'Tributary',
    `<h1>Tributary</h1>
<p>A customer data platform that speaks Segment’s formats. It is running.</p>
<nav><a href="docs">API</a><a href="api/openapi.json">OpenAPI document</a><a href="health">Health</a></nav>
<h2>Send an event</h2>
<p>The write key and the access token were printed at the first start.</p>
<pre>${escapeHtml(curl(address))}</pre>
<h2>From an SDK</h2>
<pre>${escapeHtml(sdk(address))}</pre>
<h2>Deliver the events</h2>
<p><code>GET /api/sources</code> shows the id of the source, <code>GET /api/catalog/destinations</code> what can be connected.</p>
<pre>${escapeHtml(webhook(api))}</pre>
<h2>Watch them</h2>
<pre>${escapeHtml(`curl -N ${api}/api/sources/SOURCE_ID/tail -H 'Authorization: Bearer TOKEN'`)}</pre>`,
  );
}
