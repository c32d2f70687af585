import type { Operation } from '../public-api/frame/operation.ts';
import { schemaJson } from '../public-api/frame/schema-json.ts';
import type { TSchema } from '../schemas/type.ts';
import { fieldTable } from './field-table.ts';
import { escapeHtml, layout } from './layout.ts';

/** The reference: every operation by tag, with what it takes and answers. Loads nothing; opens without a script. */
export function apiPage(operations: readonly Operation[]): string {
  const tags = [...new Set(operations.map(({ tag }) => tag))].sort();
  const links = tags.map((tag) => `<a href="#${anchor(tag)}">${escapeHtml(tag)}</a>`);
  const sections = tags.map((tag) => {
    const own = operations.filter((operation) => operation.tag === tag);
    return `<h2 id="${anchor(tag)}">${escapeHtml(tag)}</h2>\n${own.map(entry).join('\n')}`;
  });
  return layout(
    'Tributary API',
    `<h1>API</h1>
<p>Below <code>/api</code>, with <code>Authorization: Bearer &lt;access token&gt;</code>. Answers are
<code>{"data":…}</code> or <code>{"errors":[…]}</code>. For programs:
<a href="api/openapi.json">OpenAPI document</a>.</p>
<nav>${links.join(' ')}</nav>
${sections.join('\n')}`,
  );
}

function entry(operation: Operation): string {
  const { operationId, method, path, summary } = operation;
  const rate = operation.perMinute === undefined ? '' : `, ${operation.perMinute} a minute`;
  return `<details id="${operationId}"><summary><span class="method">${method}</span> <code>${escapeHtml(path)}</code><br>${escapeHtml(summary)}</summary>
<p><code>${operationId}</code>: needs <em>${operation.permission}</em>${rate}.</p>
${parts(operation)}</details>`;
}

function parts(operation: Operation): string {
  if (operation.kind === 'absent') return '<p>Not offered by this server: 501.</p>';
  return [
    part('Query', operation.query),
    part('Body', operation.body),
    operation.kind === 'stream'
      ? `<p>Answers with ${operation.contentType ?? 'server-sent events'}.</p>`
      : part('Answer', operation.response),
  ].join('\n');
}

function part(title: string, schema: TSchema | undefined): string {
  if (schema === undefined) return '';
  return `<h3>${title}</h3>\n${fieldTable(schemaJson(schema))}`;
}

function anchor(tag: string): string {
  return tag.toLowerCase().replaceAll(/[^a-z]+/g, '-');
}
