import { request } from 'undici';
import { TributaryError } from '../../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';

export interface JsonAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

const answerMs = 120_000;

/** One exchange of JSON with the interface of a warehouse. Rejects with `warehouse_failed` when there was no answer, or none of JSON. */
export async function jsonRequest(
  engine: string,
  method: 'GET' | 'POST',
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: JsonObject,
): Promise<JsonAnswer> {
  try {
    const answer = await request(url, {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      headersTimeout: answerMs,
      bodyTimeout: answerMs,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    const parsed: unknown = text === '' ? {} : JSON.parse(text);
    return { status: answer.statusCode, body: isJsonObject(parsed) ? parsed : {} };
  } catch (cause) {
    const words = cause instanceof Error ? cause.message || cause.name : String(cause);
    throw new TributaryError('warehouse_failed', `${engine}: ${words}`, { cause });
  }
}
