import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ScriptFile } from './script-files.ts';

const tags = new WeakMap<ScriptFile, string>();

/** Sends a script, gzipped where the client takes it, or 304 when the client has it. `maxAge` in seconds. */
export function sendScript(
  request: IncomingMessage,
  response: ServerResponse,
  file: ScriptFile,
  caching: string,
): void {
  const tag = tagOf(file);
  const headers = [
    ...['ETag', tag, 'Cache-Control', caching, 'Vary', 'Accept-Encoding'],
    ...['Access-Control-Allow-Origin', '*', 'X-Content-Type-Options', 'nosniff'],
  ];
  if (request.headers['if-none-match']?.includes(tag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const takesGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(
    request.headers['accept-encoding'] ?? '',
  );
  const body = takesGzip ? (file.gzipped ?? file.plain) : file.plain;
  if (body === file.gzipped) headers.push('Content-Encoding', 'gzip');
  headers.push('Content-Type', 'text/javascript; charset=utf-8');
  headers.push('Content-Length', String(body.length));
  response.writeHead(200, headers).end(body);
}

/** Weak, since the gzipped and the plain form share it. */
function tagOf(file: ScriptFile): string {
  const known = tags.get(file);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(file.plain).digest('base64url').slice(0, 22);
  const tag = `W/"${hash}"`;
  tags.set(file, tag);
  return tag;
}
