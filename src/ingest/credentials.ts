import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';

const basic = /^basic +(\S+)\s*$/i;

/**
 * The write key of a Basic header: the user name; the password is ignored. The colon may be missing
 * and a newline may have been encoded with the key (spec tracking-api §3.1, §2.7). Undefined when the
 * header holds no key.
 */
export function basicKey(header: string): string | undefined {
  const encoded = basic.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const [name = ''] = Buffer.from(encoded, 'base64').toString().split(':', 1);
  return name.trim() || undefined;
}

/** The write key a body carries: at its top, before or after the batch, or in the first item that has one (spec §3.2). */
export function bodyKey(body: JsonObject): string | undefined {
  const own = ownKey(body);
  if (own !== undefined || !Array.isArray(body['batch'])) return own;
  const items: readonly Json[] = body['batch'];
  for (const item of items) {
    const key = isJsonObject(item) ? ownKey(item) : undefined;
    if (key !== undefined) return key;
  }
  return undefined;
}

/** The write key of a `?writeKey=` query (spec §3.3). */
export function queryKey(url: string): string | undefined {
  const mark = url.indexOf('?');
  if (mark < 0) return undefined;
  return new URLSearchParams(url.slice(mark)).get('writeKey')?.trim() || undefined;
}

function ownKey(object: JsonObject): string | undefined {
  const key = object['writeKey'] ?? object['write_key'];
  return typeof key === 'string' ? key.trim() || undefined : undefined;
}
