import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';
import { valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { testWriteKey } from '../rig/server.ts';
import { track } from '../rig/track.ts';
import { type Stand, startStand } from './stand.ts';

/** A key pair of an OAuth client, and the file with its public half. */
export interface ClientKey {
  readonly privateKey: string;
  readonly publicFile: string;
}

/** A server whose first source requires OAuth, and an app that may write to it. */
export interface OAuthStand extends Stand {
  readonly appId: string;
  readonly keyId: string;
  readonly key: ClientKey;
  /** `tributary oauth …`: what it printed; its failure is one of the test. */
  oauth(...args: readonly string[]): Promise<string>;
  /** A further key pair. */
  newKey(name: string): ClientKey;
}

export async function startOAuthStand(t: TestContext): Promise<OAuthStand> {
  const stand = await startStand(t);
  const { server } = stand;
  const oauth = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await startCommand(['oauth', ...args], environmentOf(server))
      .done;
    assert.equal(code, 0, `oauth ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const newKey = (name: string) => makeKey(server.folder, name);
  const key = newKey('first');
  const made = readJson(
    await oauth('create', 'shop', '--public-key', key.publicFile, '--source', 'http-api'),
  );
  await oauth('require', 'http-api', 'on');
  await eventually('the source requires OAuth', async () => (await plain(stand)).status === 401);
  const appId = String(made['id']);
  return { ...stand, appId, keyId: String(valueAt(made, 'keys.0.id')), key, oauth, newKey };
}

/** A request with the write key alone. */
export function plain({ server }: Stand): Promise<Response> {
  return track(server, '/v1/track', { userId: 'u', event: 'plain', writeKey: testWriteKey });
}

function readJson(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  assert(isJsonObject(value));
  return value;
}

function makeKey(folder: string, name: string): ClientKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const publicFile = join(folder, `${name}.pem`);
  writeFileSync(publicFile, publicKey);
  return { privateKey, publicFile };
}
