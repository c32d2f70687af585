import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Client } from './client.ts';
import { destinationId } from './destinations.ts';
import { printJson } from './print-json.ts';
import { sourceId } from './sources.ts';

export interface AlertOptions {
  readonly name?: string;
  readonly below?: string;
  readonly above?: string;
  readonly window?: string;
  readonly webhook?: string;
}

/** What `tributary alerts create` watches. */
export interface WatchedOptions {
  readonly metric: string;
  readonly source?: string;
  readonly destination?: string;
}

/** `tributary alerts list`: one JSON line an alert, oldest first. */
export async function listAlerts(client: Client): Promise<void> {
  const { alerts } = await client.call('GET', '/alerts?pagination.count=1000');
  for (const alert of Array.isArray(alerts) ? alerts.filter(isJsonObject) : []) {
    process.stdout.write(`${JSON.stringify(alert)}\n`);
  }
}

/** `tributary alerts create`. */
export async function createAlert(
  client: Client,
  name: string,
  options: AlertOptions & WatchedOptions,
): Promise<void> {
  const { metric, source, destination } = options;
  const { alert } = await client.call('POST', '/alerts', {
    ...changes({ ...options, name }),
    metric: metric.toUpperCase().replaceAll('-', '_'),
    ...(source !== undefined && { sourceId: await sourceId(client, source) }),
    ...(destination !== undefined && { destinationId: await destinationId(client, destination) }),
  });
  printJson(alert);
}

/** `tributary alerts show`. */
export async function showAlert(client: Client, id: string): Promise<void> {
  printJson((await client.call('GET', pathOf(id)))['alert']);
}

/** `tributary alerts set`. */
export async function changeAlert(
  client: Client,
  id: string,
  options: AlertOptions & { readonly on?: true; readonly off?: true },
): Promise<void> {
  const { on, off } = options;
  const body = {
    ...changes(options),
    ...(on === true && { enabled: true }),
    ...(off === true && { enabled: false }),
  };
  printJson((await client.call('PATCH', pathOf(id), body))['alert']);
}

/** `tributary alerts remove`. */
export async function removeAlert(client: Client, id: string): Promise<void> {
  await client.call('DELETE', pathOf(id));
  process.stdout.write('removed\n');
}

function changes({ name, below, above, window, webhook }: AlertOptions): JsonObject {
  return {
    ...(name !== undefined && { name }),
    ...(below !== undefined && { below: boundOf(below) }),
    ...(above !== undefined && { above: boundOf(above) }),
    ...(window !== undefined && { windowMinutes: Number(window) }),
    ...(webhook !== undefined && { webhookUrl: webhook === 'none' ? null : webhook }),
  };
}

function boundOf(text: string): number | null {
  return text === 'none' ? null : Number(text);
}

function pathOf(id: string): string {
  return `/alerts/${encodeURIComponent(id)}`;
}
