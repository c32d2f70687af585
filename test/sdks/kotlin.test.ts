import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { assertDelivery, valuesAt } from '../e2e/assert-delivery.ts';
import { sixCalls } from '../e2e/six-calls.ts';
import { api, firstSource } from '../rig/api.ts';
import { eventually } from '../rig/eventually.ts';
import { java } from '../services/toolchains.ts';
import { behavesAsPublished } from './behaves.ts';
import { lostNothing, meanwhile, standFor, start, statusesOf, steps, within } from './delivered.ts';
import { startDriver } from './driver.ts';
import { javac } from './install/javac.ts';
import { comesBack } from './refused-on-the-way.ts';
import type { Sdk } from './sdk.ts';
import type { SdkStand } from './sdk-stand.ts';

/** The SDK as it runs on a JVM; on Android the same code adds what it knows of the device. */
const kotlin: Sdk = {
  name: 'analytics-kotlin 1.27.0',
  library: 'analytics-kotlin',
  skip: java.find() === undefined && 'no JDK with Maven here',
  https: true,
  ownWriteKey: true,
  start: (job, stand) => {
    process.once('exit', () => rmSync(kept(stand.writeKey), { recursive: true, force: true }));
    const file = join(import.meta.dirname, 'java', 'Kotlin.java');
    const program = javac(file, 'com.segment.analytics.kotlin:core:1.27.0');
    return startDriver(['java', ...trusting(stand), ...program], job);
  },
  ordered: false,
  batchesRoughly: true,
  after429: 'own back-off',
  after503: 'own back-off',
  countsRetries: false,
};

/** Where it keeps what it has to send: a path that it does not let one choose. */
const kept = (writeKey: string) => join('/tmp', 'analytics-kotlin', writeKey);

/** Options of a JVM that trusts the certificate of the front. */
function trusting({ certificate, server }: SdkStand): string[] {
  const pem = join(server.folder, 'front.pem');
  const store = join(server.folder, `trusted-${performance.now()}.p12`);
  writeFileSync(pem, certificate?.cert ?? '');
  const password = 'changeit';
  const about = ['-alias', 'front', '-file', pem, '-keystore', store, '-storepass', password];
  execFileSync('keytool', ['-importcert', '-noprompt', ...about], { stdio: 'ignore' });
  return [`-Djavax.net.ssl.trustStore=${store}`, `-Djavax.net.ssl.trustStorePassword=${password}`];
}

/** The SDK has no page call, finds the anonymousId itself, and does not keep the order of calls made at once. */
async function fiveCallsArrive(t: TestContext, sdk: Sdk): Promise<void> {
  const stand = await standFor(t, sdk);
  const { page: _, ...five } = sixCalls;
  const messages = Object.entries(five).map(([type, call]) => ({ type, ...call }));
  const driver = start(sdk, stand, { messages, close: 'when sent' });
  const arrival = stand.receiver.waitFor('five deliveries', (all) => all.length >= 5, within);
  const taken = await meanwhile(driver, arrival);
  await lostNothing(driver);
  const { userId, traits } = sixCalls.identify;
  const expected = [
    { type: 'identify', userId, traits },
    { type: 'track', userId, event: sixCalls.track.event, properties: sixCalls.track.properties },
    { type: 'screen', userId, name: 'Main', properties: { dark: true } },
    { type: 'group', userId, groupId: 'group-1', traits: { employees: 12 } },
    { type: 'alias', userId },
  ];
  const anonymousId = taken[0]?.event['anonymousId'];
  assert.match(String(anonymousId), /^[0-9a-f-]{36}$/);
  for (const call of expected) {
    const context = { library: { name: sdk.library }, ip: '127.0.0.1' };
    const delivery = taken.find(({ event }) => event['type'] === call.type);
    assertDelivery(delivery, { ...call, anonymousId, context });
  }
  const [post] = stand.front.posts;
  assert.equal(post?.path, '/v1/b');
  assert.equal(post.headers['content-encoding'], 'gzip');
  const settings = stand.front.others.map(({ path, status }) => `${path} ${status}`);
  assert.deepEqual(settings, [`/v1/projects/${stand.writeKey}/settings 200`]);
}

async function nextStartSends(t: TestContext, sdk: Sdk): Promise<void> {
  const stand = await standFor(t, sdk);
  stand.front.refusals.push({ status: 503, retryAfter: 300 });
  const messages = steps(3);
  const first = start(sdk, stand, { messages, close: 'when sent' });
  const refused = () => stand.front.posts.length > 0;
  await meanwhile(first, eventually('it is refused', refused, { within }));
  await first.end();
  assert.deepEqual(statusesOf(stand.front.posts), [503]);
  const more = [{ type: 'track', userId: 'user-1', event: 'After the restart' }];
  const second = start(sdk, stand, { messages: more, close: 'when sent' });
  const all = await stand.receiver.waitFor('all', (taken) => taken.length >= 4, within);
  await lostNothing(second);
  assert.deepEqual(valuesAt(all, 'event').sort(), [
    'After the restart',
    ...messages.map(({ event }) => event),
  ]);
}

/** Smart retries are off in this version until the settings of the source switch them on. */
async function heedsWhenTold(t: TestContext, sdk: Sdk): Promise<void> {
  const stand = await standFor(t, sdk);
  const path = `/sources/${await firstSource(stand.server)}/client-settings`;
  const httpConfig = { rateLimitConfig: { enabled: true } };
  await api(stand.server, 'PATCH', path, { httpConfig });
  const settings = `${stand.server.url}/v1/projects/${stand.writeKey}/settings`;
  const told = async () => (await (await fetch(settings)).text()).includes('rateLimitConfig');
  await eventually('the settings say so', told);
  await comesBack(t, { ...sdk, after429: 'Retry-After', countsRetries: true }, 429, stand);
}

behavesAsPublished(kotlin, {
  'told by the settings of its source, it comes back after Retry-After and counts': heedsWhenTold,
  'its five calls arrive once, with their fields, over https': fiveCallsArrive,
  'what waits when it is killed is sent at its next start': nextStartSends,
});
