import { schemaText } from '../../src/app/cli/as-code/document.ts';
import { configSchema } from '../../src/app/config/config-schema.ts';
import { configOperations } from '../../src/control/config-api/operations.ts';
import { operations } from '../../src/control/public-api/operations.ts';
import { discardTable } from '../../src/core/discard-codes.ts';
import { errorTable } from '../../src/core/errors.ts';
import { functionFailures } from '../../src/core/functions.ts';
import { documentedGlobals } from '../../src/functions/documented-globals.ts';
import { readSources } from '../tidy/source.ts';
import { metricsIn } from './metrics.ts';
import { markdown } from './table.ts';

const code = (text: string) => `\`${text}\``;

function configuration(): string {
  return markdown({
    title: 'Configuration',
    about: [
      'Nothing needs to be configured. A key is given as an environment variable or in a file: YAML or JSON,',
      'named by `TRIBUTARY_CONFIG`, else `tributary.yaml` in the working folder if there is one. The',
      'environment wins. An unknown key of the file is an error, an unknown `TRIBUTARY_*` variable a warning',
      'with the nearest known name; all problems are reported at once. `bin/tributary validate` shows what results.',
      '',
      'Secrets are masked wherever the configuration is shown, and may be given as `file:<path>`.',
    ],
    head: ['Variable', 'Key in the file', 'Type', 'Default', 'Meaning'],
    rows: configSchema.map((key) => [
      code(key.env),
      code(key.key),
      `${key.type}${'secret' in key ? ', secret' : ''}${'min' in key ? `, ${key.min} to ${key.max}` : ''}`,
      key.default === '' ? '–' : code(key.default),
      key.doc,
    ]),
  });
}

function errors(): string {
  return markdown({
    title: 'Error codes',
    about: [
      'What the server answers when it cannot do what is asked. Codes are stable. *Retry* says when the same',
      'request may succeed: `later` as it is, `after-fix` once something is changed, `never` not at all.',
      '',
      'An event that is refused, dropped or given up is not an error: see [discards](discards.md).',
    ],
    head: ['Code', 'HTTP status', 'Retry', 'Meaning'],
    rows: Object.entries(errorTable).map(([name, { status, retry, meaning }]) => [
      code(name),
      String(status),
      retry,
      meaning,
    ]),
  });
}

function discards(): string {
  return markdown({
    title: 'Discard codes',
    about: [
      'Why an event was not delivered. `bin/tributary discards` lists them with their payload;',
      '`tributary_discards_total` counts them.',
    ],
    head: ['Code', 'Stage', 'Meaning'],
    rows: Object.entries(discardTable).map(([name, { stage, meaning }]) => [
      code(name),
      stage,
      meaning,
    ]),
  });
}

function functions(): string {
  const retries = { never: 'is discarded', always: 'is tried again', few: 'is tried a few times' };
  return markdown({
    title: 'Functions',
    about: [
      'The globals that code of [functions](../guides/functions.md) finds, those of Segment that it does not, and what to',
      'do instead. JavaScript’s own are all there but `WebAssembly`, `SharedArrayBuffer` and `Atomics`.',
      '',
      'How an invocation can fail:',
      '',
      ...Object.entries(functionFailures).map(
        ([name, { retry, meaning }]) => `- ${code(name)}: ${meaning} The event ${retries[retry]}.`,
      ),
    ],
    head: ['Global', 'What it is', 'Here'],
    rows: documentedGlobals.map(({ name, what, instead }) => [
      code(name),
      what,
      instead === undefined ? 'yes' : `no: ${instead}`,
    ]),
  });
}

function metrics(): string {
  return markdown({
    title: 'Metrics',
    about: [
      '`GET /metrics` answers in the Prometheus text format, for all processes of the node. `source` and',
      '`destination` are ids; `process` is `ingest`, `control` or `worker`. Off loopback it asks for an access',
      'token: see [behind a proxy](../guides/behind-a-proxy.md#health-and-metrics).',
    ],
    head: ['Metric', 'Kind', 'Labels', 'Meaning'],
    rows: metricsIn(readSources('src').filter(({ path }) => !path.endsWith('.test.ts'))).map(
      ({ name, kind, labels, help }) => [
        code(name),
        kind,
        labels.length === 0 ? '–' : labels.map(code).join(', '),
        help,
      ],
    ),
  });
}

function api(): string {
  return markdown({
    title: 'API',
    about: [
      'Below `/api`, with `Authorization: Bearer <access token>`, in the shape of Segment’s Public API; the tag',
      '`Tributary` marks what is ours. Requests, answers and fields are in `GET /api/openapi.json`.',
      '',
      'A token may `read`; `write` includes that and shows write keys; `admin` also manages tokens and users. A',
      'token that belongs to a user may besides do only what the roles of the user and its groups allow: see',
      '[access](../guides/access.md). Answers are `{"data":…}` or `{"errors":[…]}`. Lists take `pagination[count]`',
      '(1 to 1000, 200 by default) and `pagination[cursor]`. Requests are limited for each token and operation, to',
      '600 a minute (`TRIBUTARY_API_RATE_LIMIT`) where *Rate* has no figure.',
      '',
      'Operations with the permission *not offered* are part of Segment’s API and answered with 501 here.',
      '',
      '`GET /sources/{sourceId}/tail` sends the events `accepted`, `refused`, `discarded`, `delivered`, `retrying`',
      'and, for what there was no room to show, `skipped` with a count: at most 50 a second.',
    ],
    head: ['Operation', 'Path', 'Tag', 'Permission', 'Rate', 'What it does'],
    rows: operations.map((operation) => [
      code(operation.operationId),
      [operation.path, ...(operation.aliases ?? [])]
        .map((spelling) => code(`${operation.method} ${spelling}`))
        .join(' or '),
      operation.tag,
      operation.kind === 'absent' ? 'not offered' : operation.permission,
      operation.perMinute === undefined ? '–' : String(operation.perMinute),
      operation.notice === undefined
        ? operation.summary
        : `${operation.summary}. *${operation.notice}.*`,
    ]),
  });
}

function configApi(): string {
  return markdown({
    title: 'Config API',
    about: [
      'Below `/v1beta`, with `Authorization: Bearer <access token>`: the older of Segment’s two APIs, on the same',
      'resources and tokens as the [Public API](api.md). [The guide](../guides/config-api.md) says how requests,',
      'update masks, pages and errors work here. *Scope* is what a token needs at least: `workspace:read`,',
      '`workspace:write` or `workspace`. All operations together may be called 200 times a minute with one token.',
    ],
    head: ['Operation', 'Path', 'Tag', 'Scope', 'What it does'],
    rows: configOperations.map(({ operationId, method, path, tag, permission, summary }) => [
      code(operationId),
      code(`${method} ${path}`),
      tag,
      permission === 'admin' ? code('workspace') : code(`workspace:${permission}`),
      summary,
    ]),
  });
}

/** The generated pages, by their path from the repository's root. */
export function pages(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/reference/configuration.md', configuration()],
    ['docs/reference/errors.md', errors()],
    ['docs/reference/discards.md', discards()],
    ['docs/reference/metrics.md', metrics()],
    ['docs/reference/functions.md', functions()],
    ['docs/reference/api.md', api()],
    ['docs/reference/config-api.md', configApi()],
    ['docs/reference/tributary.schema.json', schemaText()],
  ]);
}
