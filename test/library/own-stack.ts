/**
 * The library with its own stack, node-fetch and all: `own-stack.ts <examples.json> <port>` runs each example and sends what
 * it asks for to the echo at the port, through an agent that connects there. A process of its own, because the other tests
 * have our `fetch` in its place. Says for each, on a line, how many requests the echo has had: it asks `/count`.
 */
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { stdout } from 'node:process';

const [examplesPath = '', port = ''] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const ofPackage = createRequire(require.resolve('@segment/action-destinations'));
const { Destination } = ofPackage('@segment/actions-core');
const toEcho = () => connect(Number(port), '127.0.0.1');
const agents = {
  http: new Agent({ keepAlive: true }),
  https: new SecureAgent({ keepAlive: true }),
};
Object.assign(agents.http, { createConnection: toEcho });
Object.assign(agents.https, { createConnection: toEcho });
// After each answer the library destroys the agent it was given.
const agent = Object.assign(
  ({ protocol }: URL) => (protocol === 'https:' ? agents.https : agents.http),
  { destroy: () => undefined },
);

const count = () => undefined;
const statsClient = { incr: count, observe: count, set: count, histogram: count };
for (const example of JSON.parse(readFileSync(examplesPath, 'utf8'))) {
  const path = `@segment/action-destinations/dist/destinations/${example.directory}`;
  const { default: definition } = require(path);
  const made = new Destination({
    ...definition,
    name: `d-${definition.slug}`,
    extendRequest: (context: unknown) => ({ ...definition.extendRequest?.(context), agent }),
  });
  const input = {
    ...{ mapping: example.mapping, settings: example.settings, auth: example.auth, features: {} },
    ...{ statsContext: { statsClient, tags: [] }, subscriptionMetadata: {}, event: example.event },
  };
  await made.executeAction(example.action, input).catch(() => undefined);
  stdout.write('.\n');
  // The next one when the parent has taken what came.
  await new Promise((resolve) => process.stdin.once('data', resolve));
}
process.exit(0);
