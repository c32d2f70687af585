import { ownConnections } from '../../destinations/library/own-connections.ts';
import { nodeRoles } from '../node/process-name.ts';

/** Environment variables, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How a value is read from its text. */
export type ConfigType =
  | 'string'
  | 'port'
  | 'integer'
  | 'boolean'
  | 'url'
  | 'choice'
  | 'choices'
  | 'name'
  | 'addresses';

/** One configuration key. This table feeds parsing, defaults, `tributary validate` and docs/reference/configuration.md. */
export interface ConfigKey {
  /** Key in the configuration file. */
  readonly key: string;
  readonly env: string;
  readonly type: ConfigType;
  /** Shown as the default; '' where there is none. */
  readonly default: string;
  /** Masked in the log and in `tributary validate`. May be given as `file:<path>`. */
  readonly secret?: true;
  /** How a URL begins. */
  readonly schemes?: readonly string[];
  /** The values of a choice, or of a list of them. */
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly doc: string;
}

export const configSchema = [
  {
    key: 'host',
    env: 'TRIBUTARY_HOST',
    type: 'string',
    default: '127.0.0.1',
    doc: 'Address to listen on. `0.0.0.0` for every interface.',
  },
  {
    key: 'port',
    env: 'TRIBUTARY_PORT',
    type: 'port',
    default: '8080',
    doc: 'The one port: Tracking API, APIs, console, health and metrics; `adminPort` moves some of it.',
  },
  {
    key: 'data',
    env: 'TRIBUTARY_DATA',
    type: 'string',
    default: './data',
    doc: 'Folder of everything that is kept. Made if it does not exist.',
  },
  {
    key: 'token',
    env: 'TRIBUTARY_TOKEN',
    type: 'string',
    default: '',
    secret: true,
    doc: 'The first access token. Without it one is made at the first start and kept in `<data>/access-token`.',
  },
  {
    key: 'writeKey',
    env: 'TRIBUTARY_WRITE_KEY',
    type: 'string',
    default: '',
    secret: true,
    doc: "The first source's write key, read at the first start. Without it one is made.",
  },
  {
    key: 'secretKey',
    env: 'TRIBUTARY_SECRET_KEY',
    type: 'string',
    default: '',
    secret: true,
    doc: 'What the secrets of settings are sealed with at rest (AES-256-GCM): at least 32 characters that nobody can guess, the same on every node of a shared state store. Without it one is made at the first start and kept in `<data>/secret-key`.',
  },
  {
    key: 'apiAnswers',
    env: 'TRIBUTARY_API_ANSWERS',
    type: 'choice',
    choices: ['sdk', 'seed'],
    default: 'sdk',
    doc: "How the Public API words what its descriptions disagree about: `sdk` as Segment's SDKs want it, `seed` as its summary has it (200 for 201, 400 for 422, more keys). A token may have its own.",
  },
  {
    key: 'apiRateLimit',
    env: 'TRIBUTARY_API_RATE_LIMIT',
    type: 'integer',
    default: '600',
    min: 1,
    max: 10_000_000,
    doc: 'Requests a minute, access token and operation of the Public API, where Segment names no figure for the operation.',
  },
  {
    key: 'log',
    env: 'TRIBUTARY_LOG',
    type: 'url',
    default: 'file:<data>/log',
    schemes: ['file:', 'kafka://'],
    doc: 'Log engine: `file:<folder>`, or `kafka://user:password@host:port,host:port/prefix` shared by all nodes, which needs a shared state store too. Its parameters: `partitions` (default 8, fixed once the topics are made), `replication` (default 3), `tls` (`on`), `ca`, `cert`, `key` (PEM files), `sasl` (`plain`, `scram-sha-256` or `scram-sha-512`).',
  },
  {
    key: 'state',
    env: 'TRIBUTARY_STATE',
    type: 'url',
    default: 'sqlite:<data>',
    schemes: ['sqlite:', 'postgres://', 'postgresql://'],
    doc: 'State store: `sqlite:<folder>`, or `postgres://user:password@host:port/database` shared by all nodes. Its parameters: `schema` (default `tributary`; the worker’s tables are in `<schema>_work`), `pool` (connections of a process, default 8), `host` (the folder of a Unix socket), `sslmode` (`disable`, `require`, `verify-ca` or `verify-full`; default `disable`), `sslrootcert`, `sslcert`, `sslkey` (PEM files).',
  },
  {
    key: 'roles',
    env: 'TRIBUTARY_ROLES',
    type: 'choices',
    choices: nodeRoles,
    default: 'ingest,process,deliver,load,control',
    doc: 'What this node does, separated by commas: `ingest` takes events in, `process` and `deliver` work on the partitions that they share with other nodes, `load` loads the warehouses, one node at a time each, `control` serves APIs and console. Fewer than all need a shared log and state store.',
  },
  {
    key: 'publicUrl',
    env: 'TRIBUTARY_PUBLIC_URL',
    type: 'url',
    default: '',
    schemes: ['http://', 'https://'],
    doc: 'Address under which clients reach this server; it goes into settings and what is printed. Without it, the Host header decides.',
  },
  {
    key: 'region',
    env: 'TRIBUTARY_REGION',
    type: 'name',
    default: 'us',
    doc: 'Region of this deployment: `us`, `eu` or any short name. Once it is set, new sources and write keys carry it, and write keys of other regions are refused as `wrong_region`.',
  },
  {
    key: 'tlsCert',
    env: 'TRIBUTARY_TLS_CERT',
    type: 'string',
    default: '',
    doc: 'File with the certificate and its chain, PEM. With it and `tlsKey` the server speaks https, and only that; changed files are taken over within seconds.',
  },
  {
    key: 'tlsKey',
    env: 'TRIBUTARY_TLS_KEY',
    type: 'string',
    default: '',
    doc: 'File with the private key of the certificate, PEM, without a passphrase.',
  },
  {
    key: 'trustedProxies',
    env: 'TRIBUTARY_TRUSTED_PROXIES',
    type: 'addresses',
    default: '',
    doc: 'Addresses and CIDR blocks of proxies, separated by commas, whose `X-Forwarded-*` or `Forwarded` headers are believed. None by default.',
  },
  {
    key: 'proxyHeader',
    env: 'TRIBUTARY_PROXY_HEADER',
    type: 'choice',
    choices: ['x-forwarded', 'forwarded'],
    default: '',
    doc: 'The only kind of header that the trusted proxies write: `x-forwarded` or `forwarded`. Without it, `Forwarded` is read where there is no `X-Forwarded-For`.',
  },
  {
    key: 'adminPort',
    env: 'TRIBUTARY_ADMIN_PORT',
    type: 'port',
    default: '',
    doc: 'A port of its own for API, console and metrics. The main port then serves only the tracking and CDN paths and `/health`; all else is 404 there.',
  },
  {
    key: 'adminHost',
    env: 'TRIBUTARY_ADMIN_HOST',
    type: 'string',
    default: 'as host',
    doc: 'Address that the admin port listens on.',
  },
  {
    key: 'allowPrivateTargets',
    env: 'TRIBUTARY_ALLOW_PRIVATE_TARGETS',
    type: 'boolean',
    default: 'true on loopback, else false',
    doc: 'Whether destinations may have private addresses. Metadata addresses are always refused.',
  },
  {
    key: 'ownConnections',
    env: 'TRIBUTARY_OWN_CONNECTIONS',
    type: 'choices',
    choices: Object.keys(ownConnections),
    default: '',
    doc: `Slugs of destinations, separated by commas, that may connect with a client of their own, past the guard of targets: of ${Object.keys(ownConnections).join(', ')}. None by default.`,
  },
  {
    key: 'rateLimit',
    env: 'TRIBUTARY_RATE_LIMIT',
    type: 'integer',
    default: '1000',
    min: 0,
    max: 10_000_000,
    doc: 'Requests a second and source; 0 is off. A source may have its own figure.',
  },
  {
    key: 'maxConnections',
    env: 'TRIBUTARY_MAX_CONNECTIONS',
    type: 'integer',
    default: '10000',
    min: 16,
    max: 1_000_000,
    doc: 'Connections open at once on the main port, fewer where the system allows the process fewer open files. When they are taken, idle ones make room; new ones that cannot be let in get 503 `too_many_connections`.',
  },
  {
    key: 'maxConnectionsPerAddress',
    env: 'TRIBUTARY_MAX_CONNECTIONS_PER_ADDRESS',
    type: 'integer',
    default: '2000',
    min: 0,
    max: 1_000_000,
    doc: 'Connections that one client address may have of them; of IPv6, one /64 network. Trusted proxies are not counted. 0 is off.',
  },
  {
    key: 'logLevel',
    env: 'TRIBUTARY_LOG_LEVEL',
    type: 'choice',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    doc: 'Least level of the structured log: `debug`, `info`, `warn`, `error` or `silent`.',
  },
  {
    key: 'eventsHours',
    env: 'TRIBUTARY_EVENTS_HOURS',
    type: 'integer',
    default: '168',
    min: 1,
    max: 87_600,
    doc: 'Hours for which delivered and waiting events are kept in the log.',
  },
  {
    key: 'eventsMegabytes',
    env: 'TRIBUTARY_EVENTS_MEGABYTES',
    type: 'integer',
    default: '51200',
    min: 256,
    max: 1_000_000_000,
    doc: 'Megabytes of events kept at the most, whatever their age.',
  },
  {
    key: 'reserveMegabytes',
    env: 'TRIBUTARY_RESERVE_MEGABYTES',
    type: 'integer',
    default: '1024',
    min: 0,
    max: 1_000_000_000,
    doc: 'Megabytes of disk kept free, at least; new events are refused with 503 while less, or less than 5 % of the disk, is free. 0 switches both off.',
  },
  {
    key: 'archive',
    env: 'TRIBUTARY_ARCHIVE',
    type: 'url',
    default: 'file:<data>/archive, off with Kafka',
    schemes: ['file:', 's3://', 'off'],
    doc: 'Where events are kept as gzip NDJSON behind the log: `file:<folder>`, `s3://<bucket>/<prefix>`, or `off`. Of S3, the login is `<key id>:<secret>@` before the bucket, or what the AWS SDKs find; its parameters: `region`, `endpoint` (of another server), `pathStyle` (`on`, `off`). Several nodes need S3 or a folder that they share.',
  },
  {
    key: 'archiveDays',
    env: 'TRIBUTARY_ARCHIVE_DAYS',
    type: 'integer',
    default: '365',
    min: 0,
    max: 36_500,
    doc: 'Days for which events are kept in the archive; 0 is for ever.',
  },
  {
    key: 'archiveMegabytes',
    env: 'TRIBUTARY_ARCHIVE_MEGABYTES',
    type: 'integer',
    default: '20480 in a folder, 0 in S3',
    min: 0,
    max: 1_000_000_000,
    doc: 'Megabytes that the archive takes at the most; then its oldest days go. 0 is no bound.',
  },
  {
    key: 'archiveSeconds',
    env: 'TRIBUTARY_ARCHIVE_SECONDS',
    type: 'integer',
    default: '3600',
    min: 1,
    max: 86_400,
    doc: 'Events are archived at the latest so many seconds after the last time; sooner where there are 128 MB of them.',
  },
  {
    key: 'dedupeHours',
    env: 'TRIBUTARY_DEDUPE_HOURS',
    type: 'integer',
    default: '24',
    min: 24,
    max: 720,
    doc: 'Hours for which a messageId is remembered, measured in receivedAt.',
  },
  {
    key: 'countryTable',
    env: 'TRIBUTARY_COUNTRY_TABLE',
    type: 'string',
    default: '',
    doc: 'File with the countries of addresses in the MMDB format, in place of the bundled table.',
  },
] as const satisfies readonly ConfigKey[];

export type ConfigName = (typeof configSchema)[number]['key'];
