import type { FetchCall } from '../protocol.ts';
import { CallProblem, textOf } from './read-call.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** A request as the guest asks for it. */
export function readFetch(values: readonly unknown[], mostBytes: number): FetchCall {
  const [method, url, headers, body, redirect] = values;
  const verb = textOf(method);
  if (!methods.includes(verb)) throw new CallProblem(`fetch does not send ${verb.slice(0, 20)}`);
  if (!Array.isArray(headers)) throw new CallProblem('The headers are a list');
  const pairs = headers.map((pair: unknown): readonly [string, string] => {
    const [name, value] = Array.isArray(pair) ? pair : [];
    return [textOf(name), textOf(value)];
  });
  const content = body === undefined || body === null ? undefined : contentOf(body);
  if (content !== undefined && content.length > mostBytes) {
    throw new CallProblem(`The body is larger than ${mostBytes} bytes`);
  }
  return {
    method: verb,
    url: textOf(url),
    headers: pairs,
    body: content,
    redirect: textOf(redirect),
  };
}

function contentOf(body: unknown): string | Uint8Array {
  return body instanceof Uint8Array ? body : textOf(body);
}
