import type { SettingOption } from '../../core/destination.ts';
import type { WarehouseKind } from '../../core/warehouse.ts';

type More = Partial<Pick<SettingOption, 'type' | 'required' | 'defaultValue'>>;

function option(name: string, label: string, description: string, more: More = {}): SettingOption {
  return { name, label, description, type: 'string', required: false, ...more };
}

const required = { required: true };
const secret = { required: true, type: 'password' } as const;

/** Settings of a database that is reached over the network. */
function database(port: string): SettingOption[] {
  return [
    option('host', 'Host', 'Name or address of the server.', required),
    option('port', 'Port', 'Port of the server.', { defaultValue: port }),
    option('database', 'Database', 'Name of the database.', required),
    option('username', 'Username', 'The user that Tributary connects as.', required),
    option('password', 'Password', 'The password of that user.', secret),
  ];
}

const schema = option(
  'schema',
  'Schema',
  'Schema for the tables; when empty, each source has one of its own, named after its slug.',
);

/**
 * The kinds of warehouses. The id of Redshift is that of Segment's catalogue; the others are our own, and for
 * ever. Everywhere an id is taken, the slug is taken too.
 */
export const warehouseCatalog: readonly WarehouseKind[] = [
  {
    id: 'dUcKdB7w1a',
    slug: 'duckdb',
    name: 'DuckDB',
    description: 'A DuckDB database in a file on the server itself.',
    options: [
      option(
        'path',
        'Path',
        'The file, which is made when it is not there. A relative path counts from the data folder.',
        { defaultValue: 'warehouse.duckdb' },
      ),
    ],
  },
  {
    id: 'pGq5Rm2w1b',
    slug: 'postgres',
    name: 'Postgres',
    description: 'A PostgreSQL database.',
    options: [...database('5432'), schema],
  },
  {
    id: 'cLkH9s4w1c',
    slug: 'clickhouse',
    name: 'ClickHouse',
    description: 'A ClickHouse server, by its HTTP interface.',
    options: [
      ...database('8443'),
      option('secure', 'Secure', 'Whether the server is reached by TLS.', {
        type: 'boolean',
        defaultValue: true,
      }),
    ],
  },
  {
    id: 'bGqR3y6w1d',
    slug: 'bigquery',
    name: 'BigQuery',
    description: 'Google BigQuery.',
    options: [
      option('project', 'Project', 'Id of the Google Cloud project.', required),
      option('location', 'Location', 'Where new datasets are made, such as `EU`.', {
        defaultValue: 'US',
      }),
      option('credentials', 'Credentials', 'The JSON key of a service account.', secret),
    ],
  },
  {
    id: 'sNwF8k2w1e',
    slug: 'snowflake',
    name: 'Snowflake',
    description: 'Snowflake.',
    options: [
      option('account', 'Account', 'Identifier of the account.', required),
      option('warehouse', 'Warehouse', 'The warehouse that loads and queries run on.', required),
      option('database', 'Database', 'Name of the database.', required),
      option('username', 'Username', 'The user that Tributary connects as.', required),
      option('password', 'Password', 'The password of that user.', { type: 'password' }),
      option('privateKey', 'Private key', 'A key in PEM, in place of the password.', {
        type: 'password',
      }),
      option('role', 'Role', 'The role to take; by default that of the user.'),
    ],
  },
  {
    id: 'aea3c55dsz',
    slug: 'redshift',
    name: 'Redshift',
    description: 'Amazon Redshift.',
    options: [...database('5439'), schema],
  },
  {
    id: 'dBrK5c9w1f',
    slug: 'databricks',
    name: 'Databricks',
    description: 'A SQL warehouse of Databricks.',
    options: [
      option('host', 'Host', 'Name of the workspace’s server.', required),
      option('httpPath', 'HTTP path', 'Path of the SQL warehouse.', required),
      option('catalog', 'Catalog', 'Name of the catalogue of Unity Catalog.', required),
      option('token', 'Token', 'A personal access token.', secret),
    ],
  },
  {
    id: 's3PqT4d8wg',
    slug: 's3-parquet',
    name: 'S3 Parquet',
    description: 'Parquet files in a bucket of S3 or of a service like it, or in a folder.',
    options: [
      option('bucket', 'Bucket', 'Name of the bucket; not needed with a folder.'),
      option('prefix', 'Prefix', 'What the keys in the bucket begin with.'),
      option('region', 'Region', 'Region of the bucket.', { defaultValue: 'us-east-1' }),
      option('endpoint', 'Endpoint', 'Address of a service other than that of Amazon.'),
      option('accessKeyId', 'Access key', 'Id of the access key.'),
      option('secretAccessKey', 'Secret access key', 'The secret of the access key.', {
        type: 'password',
      }),
      option(
        'path',
        'Folder',
        'A folder on the server itself, in place of a bucket. A relative path counts from the data folder.',
      ),
    ],
  },
];
