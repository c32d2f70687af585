import { TributaryError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Client } from './client.ts';
import { printJson } from './print-json.ts';
import { sourcePath } from './sources.ts';
import { findWarehouse, table } from './warehouses.ts';

interface SyncsOptions {
  readonly warehouse?: string;
  readonly source?: string;
  readonly limit: string;
  readonly json?: boolean;
}

interface ScheduleOptions {
  readonly warehouse?: string;
  readonly every?: string;
  readonly cron?: string;
  readonly days?: string;
  readonly hours?: string;
  readonly timezone: string;
  readonly manual?: boolean;
  readonly default?: boolean;
}

/** `tributary syncs`: the reports of syncs, with their notices. */
export async function listSyncs(client: Client, options: SyncsOptions): Promise<void> {
  const id = await findWarehouse(client, options.warehouse);
  const part =
    options.source === undefined
      ? ''
      : `/connected-${(await sourcePath(client, options.source)).slice(1)}`;
  const query = `pagination.count=${Number(options.limit)}`;
  const { reports } = await client.call('GET', `/warehouses/${id}${part}/syncs?${query}`);
  const found = Array.isArray(reports) ? reports.filter(isJsonObject) : [];
  if (options.json === true) {
    for (const report of found) process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  const { sources } = await client.call('GET', '/sources?pagination.count=1000');
  const slugs = new Map(
    (Array.isArray(sources) ? sources.filter(isJsonObject) : []).map(({ id, slug }) => [id, slug]),
  );
  const names = ['start', 'source', 'status', 'rows', 'took', 'notices'];
  // What went wrong is read to its end.
  process.stdout.write(
    table(
      names,
      found.map((report) => shownReport(report, slugs)),
      1_000,
    ),
  );
}

/** `tributary sync-schedule`: sets it, if something is said, and prints what holds. */
export async function syncSchedule(client: Client, options: ScheduleOptions): Promise<void> {
  const path = `/warehouses/${await findWarehouse(client, options.warehouse)}/sync-schedule`;
  const schedule = scheduleOf(options);
  printJson(
    schedule === undefined
      ? await client.call('GET', path)
      : await client.call('PUT', path, { schedule }),
  );
}

function shownReport(
  report: JsonObject,
  slugs: ReadonlyMap<Json | undefined, Json | undefined>,
): Json[] {
  const { start, sourceId, status, count, humanDuration, notices } = report;
  const words = (Array.isArray(notices) ? notices : [])
    .map((notice) => (isJsonObject(notice) ? notice['message'] : ''))
    .join('; ');
  const source = slugs.get(sourceId) ?? sourceId;
  return [start, source, status, count, humanDuration, words].map((value) => value ?? null);
}

/** Undefined: nothing is said. */
function scheduleOf(options: ScheduleOptions): JsonObject | undefined {
  const { every, cron, days, hours, timezone } = options;
  const said: JsonObject[] = [
    ...(every === undefined ? [] : [{ strategy: 'PERIODIC', config: { interval: every } }]),
    ...(cron === undefined ? [] : [{ strategy: 'CRON', config: { spec: cron, timezone } }]),
    ...(days === undefined && hours === undefined
      ? []
      : [
          {
            strategy: 'SPECIFIC_DAYS',
            config: {
              days: numbers(days ?? '0,1,2,3,4,5,6'),
              hours: numbers(hours ?? '0'),
              timezone,
            },
          },
        ]),
    ...(options.manual === true ? [{ strategy: 'MANUAL' }] : []),
    ...(options.default === true ? [{ strategy: 'DEFAULT' }] : []),
  ];
  if (said.length <= 1) return said[0];
  const text = 'Say one of --every, --cron, --days with --hours, --manual, --default';
  throw new TributaryError('input_validation', text);
}

function numbers(list: string): number[] {
  return list.split(',').map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
}
