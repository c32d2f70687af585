import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { splitOAuth } from '../../src/destinations/library/tokens/oauth-settings.ts';
import { tempFolder } from '../rig/temp-folder.ts';
import { type Echoed, startEcho } from './echo.ts';
import type { Tried } from './try-examples.ts';

/** What the library's own stack asks for, for each example in turn. */
export async function ownRequests(tried: readonly Tried[]): Promise<Echoed[][]> {
  const echo = await startEcho();
  const folder = await tempFolder('stacks');
  const path = join(folder.path, 'examples.json');
  const examples = tried.map(({ example }) => {
    const { settings, tokens } = splitOAuth(example.settings);
    return { ...example, settings, auth: tokens };
  });
  writeFileSync(path, JSON.stringify(examples));
  const script = join(import.meta.dirname, 'own-stack.ts');
  const child = spawn(process.execPath, [script, path, String(echo.server.port)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const all: Echoed[][] = [];
  for await (const line of createInterface(child.stdout)) {
    if (line !== '.') continue;
    all.push(echo.requests.splice(0));
    if (all.length < tried.length) child.stdin.write('\n');
    else break;
  }
  child.kill();
  await once(child, 'exit');
  await echo.server.close();
  await folder.remove();
  return all;
}

/** Of the connection, or of the program that asks; the rest a vendor sees. */
const ofTheStack = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'host',
  'user-agent',
  'transfer-encoding',
]);

/** A request without what differs from run to run: ids, moments, and what is signed with one. */
export function comparable({ method, host, path, headers, body }: Echoed): string {
  const own = Object.entries(headers).filter(([name]) => !ofTheStack.has(name));
  const text = JSON.stringify([method, host, path, own.sort(), body]);
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, 'uuid')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)/g, 'moment')
    .replaceAll(/hmac_sign=\w+/g, 'sign')
    .replaceAll(/\d{10,}(\.\d+)?/g, 'number');
}
