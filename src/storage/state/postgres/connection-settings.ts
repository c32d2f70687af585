import { readFileSync } from 'node:fs';
import { TributaryError } from '../../../core/errors.ts';

/** How to verify the server's certificate; false is a connection without TLS. */
export type TlsSettings =
  | false
  | {
      readonly rejectUnauthorized: boolean;
      /** PEM. Absent: the authorities that Node trusts. */
      readonly ca?: string;
      readonly cert?: string;
      readonly key?: string;
      readonly checkServerIdentity?: () => undefined;
    };

export interface ConnectionSettings {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Undefined: PGPASSWORD or ~/.pgpass, if the server asks. */
  readonly password: string | undefined;
  readonly database: string;
  /** Schema of the tables of control; those of the worker are in `<schema>_work`. */
  readonly schema: string;
  /** Connections for the queries of one process. */
  readonly pool: number;
  readonly ssl: TlsSettings;
}

const schemaPattern = /^[a-z_][a-z0-9_]{0,47}$/;
const tlsModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
const parameters = ['schema', 'pool', 'host', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey'];

/**
 * Reads `postgres://user:password@host:port/database?schema=…&pool=…&sslmode=…`. As with libpq,
 * `require` encrypts without asking who answers, `verify-ca` asks for a certificate of a trusted authority,
 * `verify-full` also for the name; there is no mode that falls back to plain text by itself. Fails with
 * `config_invalid`, and never says the password.
 */
export function connectionSettings(text: string): ConnectionSettings {
  const url = URL.canParse(text) ? new URL(text) : invalid('is not a URL');
  const query = url.searchParams;
  for (const name of query.keys()) {
    if (!parameters.includes(name)) invalid(`takes ${parameters.join(', ')}, not ${name}`);
  }
  const schema = query.get('schema') ?? 'tributary';
  if (!schemaPattern.test(schema)) {
    invalid('schema must be up to 48 lower-case letters, digits and _, a letter or _ first');
  }
  const user = decoded(url.username) || invalid('names no user');
  const password = decoded(url.password);
  return {
    host: query.get('host') ?? (url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1'),
    port: Number(url.port || 5432),
    user,
    password: password === '' ? undefined : password,
    database: decoded(url.pathname.slice(1)) || invalid('names no database'),
    schema,
    pool: poolSize(query.get('pool')),
    ssl: tls(query),
  };
}

function poolSize(text: string | null): number {
  const size = Number(text ?? 8);
  return Number.isInteger(size) && size >= 1 && size <= 100
    ? size
    : invalid('pool must be a whole number from 1 to 100');
}

function tls(query: URLSearchParams): TlsSettings {
  const mode = tlsModes.find((known) => known === (query.get('sslmode') ?? 'disable'));
  if (mode === undefined) invalid(`sslmode must be one of ${tlsModes.join(', ')}`);
  const file = (name: string) => readPem(name, query.get(name));
  const ca = file('sslrootcert');
  const cert = file('sslcert');
  const key = file('sslkey');
  if (mode === 'disable') {
    if (ca ?? cert ?? key) invalid('has certificates, but sslmode is disable');
    return false;
  }
  return {
    // libpq: an authority that is named is asked, whatever the mode.
    rejectUnauthorized: mode !== 'require' || ca !== undefined,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
  };
}

function readPem(name: string, path: string | null): string | undefined {
  if (path === null) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return invalid(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return invalid('has a % that encodes nothing');
  }
}

function invalid(problem: string): never {
  throw new TributaryError('config_invalid', `TRIBUTARY_STATE: the PostgreSQL URL ${problem}`);
}
