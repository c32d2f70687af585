import type { TestContext } from 'node:test';
import { makeCertificate, type TestCertificate } from '../../src/core/testing/certificate.ts';
import { sharedSecret } from '../e2e/stand.ts';
import { addWebhook } from '../rig/api.ts';
import { type Receiver, startReceiver } from '../rig/receiver.ts';
import { type Server, startServer, testWriteKey } from '../rig/server.ts';
import { type SmallDisk, smallDisk } from '../rig/small-disk.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { type Front, startFront } from './front.ts';

/** A running server with a webhook behind it, and in front of it the proxy that SDKs are pointed at. */
export interface SdkStand {
  readonly server: Server;
  readonly receiver: Receiver;
  readonly front: Front;
  /** The file system of the server's data, where it has one of its own. */
  readonly disk: SmallDisk | undefined;
  /** The certificate of the front. */
  readonly certificate: TestCertificate | undefined;
  readonly writeKey: string;
}

interface StandOptions {
  /** The front speaks https, which mobile SDKs insist on. */
  readonly https?: boolean;
  /** Give the server a small disk of its own, if that is possible here. */
  readonly ownDisk?: boolean;
  readonly writeKey?: string;
}

/** Starts all of it; it ends with the test. */
export async function startSdkStand(t: TestContext, options: StandOptions = {}): Promise<SdkStand> {
  const folder = await tempFolder('sdk');
  const disk = options.ownDisk ? smallDisk(folder.path, 512) : undefined;
  const reserve = disk && { TRIBUTARY_RESERVE_MEGABYTES: '96' };
  const { writeKey = testWriteKey } = options;
  const env = {
    TRIBUTARY_TRUSTED_PROXIES: '127.0.0.1',
    TRIBUTARY_WRITE_KEY: writeKey,
    ...reserve,
  };
  const receiver = await startReceiver();
  const server = await startServer({ folder: disk?.path ?? folder.path, env });
  const certificate = options.https ? makeCertificate(['127.0.0.1']) : undefined;
  const front = await startFront(server.port, certificate);
  t.after(async () => {
    await front.close();
    await server.kill();
    await receiver.close();
    disk?.unmount();
    await folder.remove();
  });
  await addWebhook(server, [receiver.url], { sharedSecret });
  return { server, receiver, front, disk, certificate, writeKey };
}
