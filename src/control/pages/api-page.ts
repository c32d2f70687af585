import type { Operation } from '../public-api/frame/operation.ts';
import { escapeHtml, layout } from './layout.ts';

/** The list of operations, by tag. The whole of each is in the OpenAPI document. */
export function apiPage(operations: readonly Operation[]): string {
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  const tables = tags.map(
    (tag) => `<h2>${escapeHtml(tag)}</h2>
<table>${operations
      .filter((operation) => operation.tag === tag)
      .map(row)
      .join('')}</table>`,
  );
  return layout(
    'Tributary API',
    `<h1>API</h1>
<p>Below <code>/api</code>, with <code>Authorization: Bearer &lt;access token&gt;</code>. Answers are
<code>{"data":…}</code> or <code>{"errors":[…]}</code>. Requests, answers and fields:
<a href="api/openapi.json">OpenAPI document</a>.</p>
${tables.join('\n')}`,
  );
}

function row({ method, path, summary, permission }: Operation): string {
  return `<tr><td class="method">${method}</td><td><code>${escapeHtml(path)}</code><br>${escapeHtml(summary)}</td><td>${permission}</td></tr>`;
}
