import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TributaryError } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import { isLoopback } from '../../core/loopback.ts';
import { partnerCredentials } from '../../destinations/library/partner-credentials.ts';
import { type NodeRole, nodeRoles } from '../node/process-name.ts';
import {
  type ConfigKey,
  type ConfigName,
  configSchema,
  type Environment,
} from './config-schema.ts';
import { nearest } from './nearest.ts';
import { readValue } from './read-value.ts';

/** The resolved configuration of a node. Plain data: it travels to the child processes. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Absolute. */
  readonly data: string;
  readonly token: string | undefined;
  readonly writeKey: string | undefined;
  /** Undefined: the one in the data folder. */
  readonly secretKey: string | undefined;
  readonly apiAnswers: 'sdk' | 'seed';
  readonly apiRateLimit: number;
  readonly log: string;
  readonly state: string;
  readonly roles: readonly NodeRole[];
  readonly publicUrl: string | undefined;
  /** Undefined when none was given: it is then `us`, but marks nothing. */
  readonly region: string | undefined;
  /** Files of certificate and key, absolute; both or none. */
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly trustedProxies: readonly string[];
  readonly proxyHeader: 'x-forwarded' | 'forwarded' | undefined;
  readonly adminPort: number | undefined;
  readonly adminHost: string;
  readonly allowPrivateTargets: boolean;
  /** Slugs. */
  readonly ownConnections: readonly string[];
  /** Variables with a partner's credentials, for destinations of the library, that the environment has. */
  readonly partnerCredentials: readonly string[];
  readonly rateLimit: number;
  readonly maxConnections: number;
  /** 0: no bound. */
  readonly maxConnectionsPerAddress: number;
  readonly logLevel: string;
  readonly eventsHours: number;
  readonly eventsMegabytes: number;
  readonly reserveMegabytes: number;
  /** URL of the place; undefined: there is no archive. */
  readonly archive: string | undefined;
  readonly archiveDays: number;
  readonly archiveMegabytes: number;
  readonly archiveSeconds: number;
  readonly dedupeHours: number;
  /** Absolute. */
  readonly countryTable: string | undefined;
}

export interface ConfigProblem {
  /** The variable or file key at fault. */
  readonly key: string;
  readonly problem: string;
}

export interface ConfigResult {
  readonly config: Config;
  readonly warnings: readonly ConfigProblem[];
}

/** Variables with the prefix that are not configuration keys. */
const otherVariables = new Set(['TRIBUTARY_CONFIG']);
const defaultFile = 'tributary.yaml';

/** The environment of this process. The only reader of `process.env`. */
export function processEnvironment(): Environment {
  return process.env;
}

/**
 * Reads environment and file (`TRIBUTARY_CONFIG`, else `tributary.yaml` in the working folder if there
 * is one; YAML or JSON). The environment wins. Rejects with `config_invalid` naming every problem at once;
 * an unknown variable with our prefix is a warning, an unknown key of the file is a problem.
 */
export async function readConfig(environment: Environment): Promise<ConfigResult> {
  const problems: ConfigProblem[] = [];
  const file = await readFile(environment, problems);
  const values = new Map<ConfigName, string | number | boolean>();
  for (const entry of configSchema) {
    const key: ConfigKey = entry;
    const fromEnvironment = environment[key.env];
    const raw = fromEnvironment ?? file.get(key.key);
    if (raw === undefined || raw === '') continue;
    const name = fromEnvironment === undefined ? key.key : key.env;
    const result = readValue(key, raw, environment);
    if (result.ok) values.set(entry.key, result.value);
    else problems.push({ key: name, problem: result.problem });
  }
  problems.push(...contradictions(values));
  if (problems.length > 0) {
    const lines = problems.map(({ key, problem }) => `  ${key}: ${problem}`).join('\n');
    throw new TributaryError('config_invalid', `The configuration does not hold:\n${lines}`);
  }
  return { config: resolveConfig(values, environment), warnings: unknownVariables(environment) };
}

async function readFile(
  environment: Environment,
  problems: ConfigProblem[],
): Promise<Map<string, unknown>> {
  const named = environment['TRIBUTARY_CONFIG'];
  const path = resolve(named ?? defaultFile);
  if (named === undefined && !existsSync(path)) return new Map();
  let parsed: unknown;
  try {
    const { parse } = await import('yaml');
    parsed = parse(readFileSync(path, 'utf8')) ?? {};
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push({ key: named === undefined ? path : 'TRIBUTARY_CONFIG', problem: reason });
    return new Map();
  }
  if (!isJsonObject(parsed)) {
    problems.push({ key: path, problem: 'must hold one mapping of keys to values' });
    return new Map();
  }
  const known = configSchema.map((key) => key.key);
  for (const key of Object.keys(parsed)) {
    if (known.some((name) => name === key)) continue;
    problems.push({
      key,
      problem: `is not a configuration key; did you mean ${nearest(key, known)}?`,
    });
  }
  return new Map(Object.entries(parsed));
}

/** What does not hold together although each value holds. */
function contradictions(values: ReadonlyMap<ConfigName, string | number | boolean>) {
  const problems: ConfigProblem[] = [];
  if (values.has('tlsCert') !== values.has('tlsKey')) {
    const [given, missing] = values.has('tlsCert') ? ['tlsCert', 'tlsKey'] : ['tlsKey', 'tlsCert'];
    problems.push({ key: given, problem: `needs ${missing} beside it` });
  }
  const isShared = String(values.get('log') ?? '').startsWith('kafka:');
  if (isShared && !/^postgres(ql)?:/.test(String(values.get('state') ?? ''))) {
    const problem = 'Kafka needs a state store that nodes share too: postgres://…';
    problems.push({ key: 'log', problem });
  }
  if (!isShared && rolesOf(values).length < nodeRoles.length) {
    const problem = 'fewer than all roles need a log that nodes share: kafka://…';
    problems.push({ key: 'roles', problem });
  }
  const secretKey = values.get('secretKey');
  if (typeof secretKey === 'string' && secretKey.length < 32) {
    problems.push({ key: 'secretKey', problem: 'must have at least 32 characters' });
  }
  const port = values.get('port') ?? 8080;
  const isSameHost = !values.has('adminHost') || values.get('adminHost') === values.get('host');
  if (values.get('adminPort') === port && port !== 0 && isSameHost) {
    problems.push({ key: 'adminPort', problem: 'must be another port than port' });
  }
  return problems;
}

function rolesOf(values: ReadonlyMap<ConfigName, string | number | boolean>): readonly NodeRole[] {
  const given = values.get('roles');
  if (given === undefined) return nodeRoles;
  const names = String(given).split(',');
  return nodeRoles.filter((role) => names.includes(role));
}

function unknownVariables(environment: Environment): ConfigProblem[] {
  const known = configSchema.map((key) => key.env);
  return Object.keys(environment)
    .filter((name) => name.startsWith('TRIBUTARY_'))
    .filter((name) => !otherVariables.has(name) && !known.some((env) => env === name))
    .map((name) => ({
      key: name,
      problem: `is not a known variable and is ignored; did you mean ${nearest(name, known)}?`,
    }));
}

function resolveConfig(
  values: ReadonlyMap<ConfigName, string | number | boolean>,
  environment: Environment,
): Config {
  const text = (key: ConfigName, fallback: string): string => String(values.get(key) ?? fallback);
  const optional = (key: ConfigName): string | undefined =>
    values.has(key) ? text(key, '') : undefined;
  const number = (key: ConfigName): number => {
    const fallback = configSchema.find((entry) => entry.key === key)?.default;
    return Number(values.get(key) ?? fallback);
  };
  const host = text('host', '127.0.0.1');
  const data = resolve(text('data', './data'));
  const header = optional('proxyHeader');
  const isShared = text('log', '').startsWith('kafka:');
  const archive = archiveOf(text('archive', isShared ? 'off' : `file:${data}/archive`));
  return {
    host,
    port: number('port'),
    data,
    token: optional('token'),
    writeKey: optional('writeKey'),
    secretKey: optional('secretKey'),
    apiRateLimit: number('apiRateLimit'),
    apiAnswers: text('apiAnswers', 'sdk') === 'seed' ? 'seed' : 'sdk',
    log: text('log', `file:${data}/log`),
    state: text('state', `sqlite:${data}`),
    roles: rolesOf(values),
    publicUrl: optional('publicUrl')?.replace(/\/+$/, ''),
    region: optional('region'),
    tlsCert: optional('tlsCert') && resolve(text('tlsCert', '')),
    tlsKey: optional('tlsKey') && resolve(text('tlsKey', '')),
    trustedProxies: text('trustedProxies', '')
      .split(',')
      .filter((block) => block !== ''),
    proxyHeader: header === 'x-forwarded' || header === 'forwarded' ? header : undefined,
    adminPort: values.has('adminPort') ? number('adminPort') : undefined,
    adminHost: text('adminHost', host),
    allowPrivateTargets: Boolean(values.get('allowPrivateTargets') ?? isLoopback(host)),
    ownConnections: text('ownConnections', '').split(',').filter(Boolean),
    partnerCredentials: Object.values(partnerCredentials)
      .flat()
      .filter((name) => environment[name]),
    rateLimit: number('rateLimit'),
    maxConnections: number('maxConnections'),
    maxConnectionsPerAddress: number('maxConnectionsPerAddress'),
    logLevel: text('logLevel', 'info'),
    eventsHours: number('eventsHours'),
    eventsMegabytes: number('eventsMegabytes'),
    reserveMegabytes: number('reserveMegabytes'),
    archive,
    archiveDays: number('archiveDays'),
    archiveMegabytes: values.has('archiveMegabytes')
      ? number('archiveMegabytes')
      : archive?.startsWith('s3:')
        ? 0
        : folderArchiveMegabytes,
    archiveSeconds: number('archiveSeconds'),
    dedupeHours: number('dedupeHours'),
    countryTable: optional('countryTable') && resolve(text('countryTable', '')),
  };
}

const folderArchiveMegabytes = 20_480;

/** A folder is absolute; undefined for none. */
function archiveOf(url: string): string | undefined {
  if (url === 'off') return undefined;
  return url.startsWith('file:') ? `file:${resolve(url.slice('file:'.length))}` : url;
}

/** The configuration with secrets masked: what is logged and printed. */
export function maskedConfig(
  config: Config,
): Record<string, string | number | boolean | readonly string[] | undefined> {
  const secrets = configSchema.filter((key: ConfigKey) => key.secret).map((key) => key.key);
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      value !== undefined && secrets.some((secret) => secret === key) ? '••••••' : maskUrl(value),
    ]),
  );
}

/** An engine URL may carry a password. */
function maskUrl<T>(value: T): T | string {
  if (typeof value !== 'string') return value;
  // An @ in the password need not be encoded: the last one before the path ends it.
  return value.replace(/\/\/([^:@/]*):[^/]*@/, '//$1:••••••@');
}
