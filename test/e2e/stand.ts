import type { TestContext } from 'node:test';
import { addWebhook } from '../rig/api.ts';
import { type Receiver, startReceiver } from '../rig/receiver.ts';
import { type Server, startServer } from '../rig/server.ts';
import { tempFolder } from '../rig/temp-folder.ts';

export const sharedSecret = 'a secret between server and webhook';

/** A running server whose first source is connected to a webhook of ours. */
export interface Stand {
  readonly server: Server;
  readonly receiver: Receiver;
}

/** Starts both; they end with the test. */
export async function startStand(
  t: TestContext,
  env: Readonly<Record<string, string>> = {},
): Promise<Stand> {
  const folder = await tempFolder('e2e');
  const receiver = await startReceiver();
  const server = await startServer({ folder: folder.path, env });
  t.after(async () => {
    await server.kill();
    await receiver.close();
    await folder.remove();
  });
  await addWebhook(server, [receiver.url], { sharedSecret });
  return { server, receiver };
}
