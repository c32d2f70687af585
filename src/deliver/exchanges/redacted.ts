import type { Exchange } from '../../core/exchange.ts';
import { limits } from '../../core/limits.ts';
import type { SeenExchange } from './seen-exchanges.ts';

const mask = '••••';
/** Names of what is secret wherever it stands: headers, parameters of a URL, keys of a body. */
const secretName =
  /auth|token|secret|passw|signature|cookie|credential|api[-_]?key|access[-_]?key|private[-_]?key|session/i;
/** `"name": "value"` of JSON, and `name=value` of a form or a query. */
const jsonEntry = /"([^"\\]{1,100})"(\s*:\s*)"((?:[^"\\]|\\.)*)"/g;
const formEntry = /(^|[?&;])([^=&?;\s]{1,100})=([^&#;\s]*)/g;
/** Shorter values of settings would mask half of a text. */
const leastSecret = 4;

/** An exchange as people may see it. `secrets`: values of the connection's settings that are nobody's business. */
export function redacted(seen: SeenExchange, secrets: readonly string[]): Exchange {
  const { request, answer, durationMs } = seen;
  const hide = hider(secrets);
  return {
    method: request.method,
    url: hide(request.url.replace(/\/\/[^/@\s]*@/, `//${mask}@`), formEntry),
    requestHeaders: headersOf(request.headers, hide),
    requestBody: bodyOf(request.body, hide),
    ...('failure' in answer
      ? { failure: hide(answer.message) }
      : {
          status: answer.status,
          answerHeaders: headersOf(answer.headers, hide),
          answerBody: bodyOf(answer.body, hide),
        }),
    durationMs: Math.round(durationMs),
  };
}

type Hide = (text: string, entries?: RegExp) => string;

function hider(secrets: readonly string[]): Hide {
  const values = secrets
    .filter((value) => value.length >= leastSecret)
    .flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]);
  return (text, entries) => {
    let hidden = text;
    for (const value of values) hidden = hidden.replaceAll(value, mask);
    if (entries !== jsonEntry) {
      hidden = hidden.replace(formEntry, (whole, before: string, name: string) =>
        secretName.test(name) ? `${before}${name}=${mask}` : whole,
      );
    }
    return hidden.replace(jsonEntry, (whole, name: string, colon: string) =>
      secretName.test(name) ? `"${name}"${colon}"${mask}"` : whole,
    );
  };
}

function headersOf(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  hide: Hide,
): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const text = typeof value === 'string' ? value : value.join(', ');
    shown[name] = secretName.test(name) ? mask : cut(hide(text, jsonEntry));
  }
  return shown;
}

function bodyOf(body: string | Uint8Array | undefined, hide: Hide): string {
  if (body === undefined) return '';
  if (typeof body !== 'string') return `(${body.length} bytes)`;
  // What is hidden has to be whole: more than what is shown is looked at.
  return cut(hide(body.slice(0, 4 * limits.exchangeTextLength)));
}

function cut(text: string): string {
  const most = limits.exchangeTextLength;
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length} characters)`;
}
