import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { makeCertificate } from '../../src/core/testing/certificate.ts';
import { openKafkaLogEngine } from '../../src/storage/log/kafka/open-kafka-log-engine.ts';
import { type Kafka, startKafka } from '../rig/kafka.ts';
import { type TempFolder, tempFolder } from '../rig/temp-folder.ts';

let kafka: Kafka;
let folder: TempFolder;
let ca: string;
before(async () => {
  const { cert, key } = makeCertificate(['127.0.0.1']);
  folder = await tempFolder('kafka-tls');
  ca = join(folder.path, 'ca.pem');
  writeFileSync(ca, cert);
  kafka = await startKafka({ secure: { cert, key, user: 'tributary', password: 'p-ss' } });
});
after(async () => {
  await kafka.stop();
  await folder.remove();
});

const open = (url: string) => openKafkaLogEngine({ url, clock: systemClock, logger: silentLogger });
const as = (user: string, url: string) => url.replace('kafka://', `kafka://${user}@`);

for (const sasl of ['plain', 'scram-sha-256', 'scram-sha-512']) {
  test(`the log works over TLS with ${sasl}`, async () => {
    const url = as('tributary:p-ss', kafka.url(`partitions=1&ca=${ca}&sasl=${sasl}`));
    const engine = await open(url);
    const { writer } = await engine.openWriter('events', 0);
    const entry = { kind: 2, source: 's', meta: '{}', body: Buffer.from('secret') };
    const offset = await writer.append([entry], { mark: 3 });
    const reader = await engine.openReader('events', 0);
    const { records } = await reader.read(offset);
    assert.deepEqual(
      records.map(({ body }) => body.toString()),
      ['secret'],
    );
    await engine.close();
  });
}

test('a wrong password is refused at once, and said nowhere', async () => {
  const url = as('tributary:wr0ng', kafka.url(`ca=${ca}`));
  await assert.rejects(open(url), (error: Error) => {
    assert.match(error.message, /TRIBUTARY_LOG.*user or password/);
    assert(!String(error.stack).includes('wr0ng'));
    return 'code' in error && error.code === 'config_invalid';
  });
});

test('a broker whose certificate is not trusted is refused', async () => {
  const url = as('tributary:p-ss', kafka.url('tls=on'));
  await assert.rejects(open(url), { code: 'config_invalid', message: /certificate/ });
});
