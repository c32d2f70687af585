import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ScriptFile } from './script-files.ts';

/** What a file is, and who may keep it how long. */
export interface FileKind {
  readonly type: string;
  /** `Cache-Control`. */
  readonly caching: string;
  /** Further names for `Vary`. */
  readonly vary?: string;
  readonly extra?: readonly string[];
}

export const javascript = 'text/javascript; charset=utf-8';

const tags = new WeakMap<ScriptFile, string>();

/** Sends a file from memory, gzipped where the client takes it, or 304 when the client has it. */
export function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: ScriptFile,
  kind: FileKind,
): void {
  const tag = tagOf(file);
  const headers = fileHeaders(tag, kind);
  if (hasTag(request, tag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const body = takesGzip(request) ? (file.gzipped ?? file.plain) : file.plain;
  if (body === file.gzipped) headers.push('Content-Encoding', 'gzip');
  headers.push('Content-Type', kind.type, 'Content-Length', String(body.length));
  response.writeHead(200, headers).end(body);
}

/** The headers of a file of any origin's pages, also of a 304. */
export function fileHeaders(tag: string, { caching, vary, extra = [] }: FileKind): string[] {
  return [
    ...['ETag', tag, 'Cache-Control', caching],
    ...['Vary', vary === undefined ? 'Accept-Encoding' : `${vary}, Accept-Encoding`],
    ...['Access-Control-Allow-Origin', '*', 'Cross-Origin-Resource-Policy', 'cross-origin'],
    ...['X-Content-Type-Options', 'nosniff', ...extra],
  ];
}

export function hasTag(request: IncomingMessage, tag: string): boolean {
  return request.headers['if-none-match']?.includes(tag) === true;
}

export function takesGzip(request: IncomingMessage): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(
    request.headers['accept-encoding'] ?? '',
  );
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
