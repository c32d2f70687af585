import { createRequire } from 'node:module';
import type * as JsonWebToken from 'jsonwebtoken';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { HostOperation } from './host-operation.ts';
import { CallProblem, keyOf, textOf } from './read-call.ts';

/** Loaded with the first use. */
const require = createRequire(import.meta.url);
const library = (): typeof JsonWebToken => require('jsonwebtoken');

/** `jsonwebtoken` of functions. Payloads, options and answers cross as JSON text. */
export const jwtCalls: Readonly<Record<string, HostOperation>> = {
  'jwt.sign': ([payload, key, options]) =>
    JSON.stringify(library().sign(JSON.parse(textOf(payload)), keyOf(key), optionsOf(options))),
  'jwt.verify': ([token, key, options]) => {
    const secret = keyOf(key);
    if (typeof secret === 'object' && 'key' in secret) throw new CallProblem('A key is needed');
    return JSON.stringify(library().verify(textOf(token), secret, optionsOf(options)));
  },
  'jwt.decode': ([token, options]) =>
    JSON.stringify(library().decode(textOf(token), optionsOf(options))),
};

function optionsOf(text: unknown): JsonObject {
  const options: unknown = JSON.parse(textOf(text) || '{}');
  if (!isJsonObject(options)) throw new CallProblem('The options are an object');
  return options;
}
