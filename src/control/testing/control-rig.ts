import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../../core/clock.ts';
import type { DestinationDefinition, DestinationKind } from '../../core/destination.ts';
import type { DestinationProbe } from '../../core/destination-probe.ts';
import type { LogEngine } from '../../core/event-log.ts';
import type { Functions } from '../../core/functions.ts';
import type { Http } from '../../core/http.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { silentLogger } from '../../core/logger.ts';
import { Registry } from '../../core/prometheus.ts';
import type { Redeliver } from '../../core/redelivery.ts';
import { createSecretBox, openSettings, type SecretBox } from '../../core/secret-box.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { StateStore } from '../../core/state.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { WarehouseTest } from '../../core/warehouse.ts';
import type { AskWarehouse } from '../../core/warehouse-engine.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';
import type { AnswerStyle } from '../access/principal.ts';
import { type Control, createControl } from '../create-control.ts';
import type { Environment } from '../environment.ts';
import { openapiDocument } from '../public-api/frame/openapi-document.ts';
import { operations } from '../public-api/operations.ts';
import { answerValidator } from './answer-validator.ts';

/** A kind of destination with one setting of each type. */
export const everyOption: DestinationDefinition = {
  id: '5f0000000000000000000001',
  slug: 'every-option',
  name: 'Every Option',
  description: 'For tests.',
  website: 'https://example.com',
  categories: ['Raw Data'],
  supports: ['track', 'page'],
  options: [
    option('hooks', 'array', true),
    option('secret', 'password'),
    { ...option('region', 'string'), defaultValue: 'eu' },
    option('on', 'boolean'),
    option('rate', 'number'),
    option('headers', 'text-map'),
  ],
  lanes: () => ({ ok: true, lanes: [] }),
};

function option(
  name: string,
  type: DestinationDefinition['options'][number]['type'],
  required = false,
): DestinationDefinition['options'][number] {
  return { name, label: name, description: '', type, required };
}

/** What the rigs seal with. */
export const testSecrets = createSecretBox('the secret key of the tests, long enough');

export const adminToken = 'trb_test-admin-token-0123456789abcdef';

const validator = answerValidator(JSON.parse(JSON.stringify(openapiDocument(operations))));

/** A control plane on a state store of its own, and what it told the others. */
export interface ControlRig {
  readonly control: Control;
  readonly store: StateStore<ControlTables>;
  readonly snapshots: Snapshot[];
  /** The settings of a connection as the data plane has them, opened; of the newest when no id is given. */
  settings(connectionId?: string): JsonObject | undefined;
  readonly watched: (readonly string[])[];
  /**
   * Calls the API as the admin, or as the token given; '' is none. Every answer must fit the OpenAPI document,
   * unless it is worded as in seed 004, which `seed` says of a token.
   */
  call(
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    options?: { body?: unknown; token?: string; headers?: Record<string, string>; seed?: true },
  ): Promise<Answer>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Json | undefined;
  /** The value at a dotted path of the body: `data.sources.0.id`. */
  at(path: string): Json | undefined;
}

export interface RigOptions {
  readonly store?: StateStore<ControlTables>;
  readonly work?: StateStore<WorkTables>;
  readonly definitions?: readonly DestinationKind[];
  readonly logs?: LogEngine;
  readonly clock?: Clock;
  readonly secrets?: SecretBox;
  readonly redeliver?: Redeliver;
  /** With it, alerts are measured. */
  readonly http?: Http;
  readonly functions?: Pick<Functions, 'invoke'>;
  readonly probe?: DestinationProbe;
  readonly testWarehouse?: WarehouseTest;
  readonly askWarehouse?: AskWarehouse;
  readonly syncEveryMs?: Environment['syncEveryMs'];
  readonly answers?: AnswerStyle;
  readonly token?: string | undefined;
  readonly writeKey?: string;
  readonly apiPerMinute?: number;
  /** True: the rates of the contract hold too. */
  readonly apiOwnRates?: boolean;
  readonly publicUrl?: string;
  readonly trackingPort?: number;
  readonly region?: string;
}

export async function controlRig(options: RigOptions = {}): Promise<ControlRig> {
  const store = options.store ?? (await freshStores().openControl());
  const snapshots: Snapshot[] = [];
  const watched: (readonly string[])[] = [];
  const token = 'token' in options ? options.token : adminToken;
  const control = await createControl({
    store,
    work: () => options.work,
    definitions: options.definitions ?? [everyOption],
    logs: options.logs ?? noLogs,
    publishSnapshot: (snapshot) => snapshots.push(snapshot),
    watch: (sources) => watched.push(sources),
    secrets: options.secrets ?? testSecrets,
    redeliver:
      options.redeliver ??
      (async (items) => items.map(() => ({ kind: 'failed', message: 'no ingest' }))),
    http: options.http,
    functions: options.functions,
    probe: options.probe,
    testWarehouse: options.testWarehouse,
    askWarehouse: options.askWarehouse,
    syncEveryMs: options.syncEveryMs,
    answers: options.answers,
    bootstrap: {
      ...(token === undefined ? {} : { token }),
      ...(options.writeKey === undefined ? {} : { writeKey: options.writeKey }),
    },
    clock: options.clock ?? systemClock,
    random: (length) => randomBytes(length),
    logger: silentLogger,
    registry: new Registry(),
    apiPerMinute: options.apiPerMinute ?? 1_000_000,
    apiOwnRates: options.apiOwnRates ?? false,
    publicUrl: options.publicUrl,
    trackingPort: options.trackingPort,
    region: options.region,
  });
  return {
    control,
    store,
    snapshots,
    watched,
    settings: (id) => {
      const { connections } = control.snapshot();
      const found = id === undefined ? connections.at(-1) : connections.find((c) => c.id === id);
      return found && openSettings(testSecrets, found.settings, found.id);
    },
    call: async (method, path, { body, token = adminToken, headers = {}, seed } = {}) => {
      const answer = await control.app.inject({
        method,
        url: `/api${path}`,
        headers: {
          ...(token !== '' && { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      const parsed: Json | undefined = answer.body === '' ? undefined : answer.json();
      if (options.answers !== 'seed' && seed === undefined) {
        assert.deepEqual(
          validator.problems(method, path.split('?')[0] ?? '', answer.statusCode, parsed),
          [],
        );
      }
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: parsed,
        at: (path) => valueAt(parsed, path),
      };
    },
    close: async () => {
      await control.close();
      await store.close();
    },
  };
}

/** The value at a dotted path: `data.sources.0.id`. */
export function valueAt(value: Json | undefined, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)];
    return isJsonObject(inner) ? inner[key] : undefined;
  }, value);
}

function unused(): never {
  assert.fail('this test reads no log');
}

/** For tests that touch no log: any use fails them. */
const noLogs: LogEngine = {
  partitions: 1,
  outlivesNode: false,
  join: unused,
  openWriter: unused,
  openReader: unused,
  trim: unused,
  startAfterTrim: unused,
  usage: unused,
  offsetKeeping: unused,
  hasRoom: () => true,
  close: async () => undefined,
};
