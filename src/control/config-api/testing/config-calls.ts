import assert from 'node:assert/strict';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Json } from '../../../core/json.ts';
import type { Method } from '../../public-api/frame/operation.ts';
import { strictSchemaJson } from '../../public-api/frame/schema-json.ts';
import { adminToken, type ControlRig, valueAt } from '../../testing/control-rig.ts';
import { configOperations } from '../operations.ts';

export interface ConfigAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Json | undefined;
  /** The value at a dotted path of the body: `sources.0.name`. */
  at(path: string): Json | undefined;
}

interface CallOptions {
  readonly body?: unknown;
  /** The body as it stands. */
  readonly text?: string;
  /** '' is none. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type ConfigCall = (
  method: Method,
  path: string,
  options?: CallOptions,
) => Promise<ConfigAnswer>;

const ajv = new Ajv({ strict: false, allErrors: true });
const answers: readonly {
  readonly method: Method;
  readonly pattern: RegExp;
  readonly variables: number;
  readonly check: ValidateFunction;
}[] = configOperations
  .map(({ method, path, response }) => ({
    method,
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/:]+')}/?$`),
    variables: path.split('{').length,
    check: ajv.compile(strictSchemaJson(response)),
  }))
  .sort((one, other) => one.variables - other.variables);

/**
 * Calls the Config API of a rig, below `/v1beta`, as curl does: with a body that is labelled as a form. Every
 * answer has exactly the keys that its operation declares, and every refusal those of an error.
 */
export function configCalls(rig: ControlRig): ConfigCall {
  return async (method, path, { body, text, token = adminToken, headers = {} } = {}) => {
    const payload = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await rig.control.app.inject({
      method,
      url: `/v1beta${path}`,
      headers: {
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        ...(payload !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(payload !== undefined && { payload }),
    });
    const parsed: Json | undefined = answer.body === '' ? undefined : answer.json();
    checkAnswer(method, path.split('?')[0] ?? '', answer.statusCode, parsed);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: parsed,
      at: (place) => valueAt(parsed, place),
    };
  };
}

function checkAnswer(method: Method, path: string, status: number, body: Json | undefined): void {
  if (status >= 400) {
    const error = valueAt(body, 'error');
    assert.equal(typeof error, 'string');
    const expected = { error, code: valueAt(body, 'code'), message: error };
    assert.deepEqual(body, expected, 'an error has these keys and no other');
    return;
  }
  assert.equal(status, 200, `${method} ${path}: ${JSON.stringify(body)}`);
  const found = answers.find((known) => known.method === method && known.pattern.test(path));
  assert(found !== undefined, `${method} ${path} is an operation`);
  assert(found.check(body), `${method} ${path}: ${JSON.stringify(found.check.errors)}`);
}

/** Asserts that an answer is a refusal with this status and code, and says why where `text` is given. */
export function refused(answer: ConfigAnswer, status: number, code: number, text?: RegExp): void {
  assert.deepEqual([answer.status, answer.at('code')], [status, code], JSON.stringify(answer.body));
  if (text !== undefined) assert.match(String(answer.at('error')), text);
}
