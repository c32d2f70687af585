import { readFileSync } from 'node:fs';
import { TributaryError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Client } from './client.ts';
import { printJson } from './print-json.ts';
import { sourceId } from './sources.ts';

/** `tributary functions list`: one JSON line a function, oldest first. */
export async function listFunctions(client: Client): Promise<void> {
  for (const made of await readFunctions(client)) {
    process.stdout.write(`${JSON.stringify(made)}\n`);
  }
}

/** `tributary functions show`. */
export async function showFunction(client: Client, named: string): Promise<void> {
  printJson((await client.call('GET', await functionPath(client, named)))['function']);
}

/** `tributary functions save`: the code of the file is the latest version; what is deployed runs on. */
export async function saveFunction(client: Client, named: string, file: string): Promise<void> {
  const path = await functionPath(client, named);
  printJson((await client.call('PATCH', path, { code: readText(file) }))['function']);
}

/** `tributary functions deploy`: the latest version runs from now on. */
export async function deployFunction(client: Client, named: string): Promise<void> {
  await client.call('POST', `${await functionPath(client, named)}/deploy`);
  process.stdout.write('deployed\n');
}

/** `tributary functions restore`: a copy of the version is the latest one, not deployed. */
export async function restoreVersion(
  client: Client,
  named: string,
  versionId: string,
): Promise<void> {
  const path = `${await functionPath(client, named)}/versions`;
  printJson((await client.call('POST', path, { versionId }))['version']);
}

/** `tributary functions logs`: one JSON line an invocation, newest first. */
export async function printInvocations(
  client: Client,
  named: string,
  { limit }: { readonly limit: string },
): Promise<void> {
  const path = `${await functionPath(client, named)}/invocations?count=${encodeURIComponent(limit)}`;
  const { invocations } = await client.call('GET', path);
  for (const invocation of Array.isArray(invocations) ? invocations : []) {
    process.stdout.write(`${JSON.stringify(invocation)}\n`);
  }
}

export interface TrialOptions {
  readonly event?: string;
  readonly body?: string;
  readonly header?: readonly string[];
  readonly source?: string;
  readonly messageId?: string;
  readonly code?: string;
  readonly settings?: string;
  readonly usedBy?: string;
}

/** `tributary functions test`: runs the code once and prints what came of it; fails unless that is `done`. */
export async function tryFunction(
  client: Client,
  named: string,
  { event, body, header, source, messageId, code, settings, usedBy }: TrialOptions,
): Promise<void> {
  const given: Json | undefined = event === undefined ? undefined : readJson(event);
  const trial: JsonObject = {
    ...(Array.isArray(given) ? { events: given } : given !== undefined && { event: given }),
    ...(body !== undefined && { request: { body: readText(body), headers: headersOf(header) } }),
    ...(source !== undefined && { sourceId: await sourceId(client, source) }),
    ...(messageId !== undefined && { messageId }),
    ...(code !== undefined && { code: readText(code) }),
    ...(settings !== undefined && { settings: readJson(settings) }),
    ...(usedBy !== undefined && { usedBy }),
  };
  const path = `${await functionPath(client, named)}/test`;
  const { test } = await client.call('POST', path, trial);
  printJson(test);
  if (!isJsonObject(test) || test['outcome'] !== 'done') process.exitCode = 1;
}

function headersOf(lines: readonly string[] = []): JsonObject {
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

/** The path of the function with this id, or with this name if no other has it; that of the workspace behind it may be left out. */
async function functionPath(client: Client, named: string): Promise<string> {
  const all = await readFunctions(client);
  const own = all.find(({ id }) => id === named);
  const [first, other] =
    own === undefined
      ? all.filter(({ displayName }) => isNamed(String(displayName), named))
      : [own];
  if (first === undefined) throw new TributaryError('not_found', `There is no function ${named}`);
  if (other !== undefined) {
    throw new TributaryError('conflict', `Several functions are named ${named}: give the id`);
  }
  return `/functions/${encodeURIComponent(String(first['id']))}`;
}

function isNamed(displayName: string, named: string): boolean {
  return displayName === named || displayName.startsWith(`${named} (`);
}

async function readFunctions(client: Client): Promise<readonly JsonObject[]> {
  const { functions } = await client.call('GET', '/functions?pagination.count=1000');
  return Array.isArray(functions) ? functions.filter(isJsonObject) : [];
}

function readJson(file: string): Json {
  const text = readText(file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TributaryError('validation_error', `The file ${file} is no JSON`, { cause });
  }
}

/** `-` is the standard input. */
function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw new TributaryError('validation_error', `The file ${file} cannot be read`, { cause });
  }
}
