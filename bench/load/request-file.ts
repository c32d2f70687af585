import { writeFileSync } from 'node:fs';
import { type CorpusEvent, idMark } from './corpus.ts';

/**
 * The file `requests.lua` reads: per request one line `<bytes> <position> <position> …` and then the
 * request itself, head and body. Positions (from 0) say where the 20 characters of an id go.
 */
export function writeRequestFile(path: string, requests: readonly Buffer[]): void {
  const parts: (Buffer | string)[] = [];
  for (const request of requests) {
    parts.push(`${[request.length, ...positionsOf(request)].join(' ')}\n`, request);
  }
  writeFileSync(path, Buffer.concat(parts.map((part) => Buffer.from(part))));
}

function positionsOf(request: Buffer): number[] {
  const positions: number[] = [];
  for (let at = request.indexOf(idMark); at >= 0; at = request.indexOf(idMark, at + 1)) {
    positions.push(at);
  }
  return positions;
}

/** Each event alone, on the path of its call. */
export function singleRequests(events: readonly CorpusEvent[], writeKey: string): Buffer[] {
  return events.map(({ call, text }) => httpRequest(`/v1/${call}`, text, writeKey));
}

/** The events in batches of `size`; a rest is left out. */
export function batchRequests(
  events: readonly CorpusEvent[],
  size: number,
  writeKey: string,
): Buffer[] {
  return Array.from({ length: Math.floor(events.length / size) }, (_, index) => {
    const items = events.slice(index * size, (index + 1) * size).map(({ text }) => text);
    const body = `{"batch":[${items.join(',')}],"sentAt":"2026-11-20T12:00:01.000Z"}`;
    return httpRequest('/v1/batch', body, writeKey);
  });
}

function httpRequest(path: string, body: string, writeKey: string): Buffer {
  const authorization = Buffer.from(`${writeKey}:`).toString('base64');
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic ${authorization}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
