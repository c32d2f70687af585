import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { schemaJson } from '../public-api/frame/schema-json.ts';
import { type ControlRig, controlRig } from '../testing/control-rig.ts';
import { leastValue } from '../testing/least-value.ts';
import { wrongValues } from '../testing/wrong-values.ts';
import type { ConfigOperation } from './frame/config-operation.ts';
import { configOperations } from './operations.ts';
import { type ConfigCall, configCalls, refused } from './testing/config-calls.ts';
import { documentedOperations } from './testing/documented-operations.ts';
import { makeOneOfEach } from './testing/one-of-each.ts';

const workspace = { workspace: 'default' };

/** The path of an operation, its parameters filled in; `x` where nothing is given. */
function pathOf({ path }: ConfigOperation, given: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_part, name: string) => given[name] ?? 'x');
}

/** The least query that an operation takes. */
function leastQuery({ query }: ConfigOperation): string {
  const names = query?.required ?? [];
  return names.length === 0 ? '' : `?${names.map((name) => `${name}=x`).join('&')}`;
}

function leastBody({ body }: ConfigOperation): { readonly body?: unknown } {
  return body === undefined ? {} : { body: leastValue(schemaJson(body)) };
}

describe('the Config API', () => {
  it('offers every documented operation', () => {
    const offered = configOperations.map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(
      documentedOperations.filter((operation) => !offered.includes(operation)),
      [],
    );
    assert.equal(new Set(offered).size, offered.length);
    const ids = configOperations.map(({ operationId }) => operationId);
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe('every operation of the Config API', () => {
  let rig: ControlRig;
  let call: ConfigCall;
  let one: Readonly<Record<string, string>>;
  let readToken: string;
  before(async () => {
    rig = await controlRig();
    call = configCalls(rig);
    one = await makeOneOfEach(rig, call);
    const access_token = { description: 'reader', scopes: 'workspace:read' };
    const made = await call('POST', '/access-tokens', { body: { access_token } });
    readToken = String(made.at('token'));
  });
  after(() => rig.close());

  for (const operation of configOperations) {
    const { operationId: name, method, path } = operation;

    it(`${name} refuses a request without a valid token: 401, code 16`, async () => {
      const headers = { 'x-forwarded-for': name };
      for (const token of ['wrong', '']) {
        refused(await call(method, pathOf(operation, one), { token, headers }), 401, 16);
      }
    });

    if (operation.permission !== 'read') {
      it(`${name} refuses a token that may only read: 403, code 7`, async () => {
        const answer = await call(method, pathOf(operation, one), { token: readToken });
        refused(answer, 403, 7, /^insufficient scope$/);
      });
    }

    if (path.includes('{workspace}')) {
      it(`${name} says 404, code 5, of another workspace`, async () => {
        const answer = await call(
          method,
          pathOf(operation, { ...one, workspace: 'other' }),
          leastBody(operation),
        );
        refused(answer, 404, 5);
      });
    }

    const last = path.match(/\{(\w+)\}(?!.*\{)/)?.[1];
    if (last !== undefined && last !== 'workspace') {
      it(`${name} says 404, code 5, of a ${last} that is not there`, async () => {
        const { [last]: _one, ...others } = one;
        const answer = await call(
          method,
          `${pathOf(operation, { ...workspace, ...others })}${leastQuery(operation)}`,
          leastBody(operation),
        );
        refused(answer, 404, 5);
      });
    }

    if (operation.body !== undefined && method !== 'GET') {
      it(`${name} refuses a body that is not JSON: 400, code 3`, async () => {
        for (const text of ['{"a":', "{'a': [", '[]', '7', 'a=b']) {
          refused(await call(method, pathOf(operation, one), { text }), 400, 3);
        }
      });
      for (const { field, body } of wrongValues(schemaJson(operation.body))) {
        it(`${name} refuses a body whose ${field} is of the wrong type: 400, code 3`, async () => {
          const answer = await call(method, pathOf(operation, one), { body });
          refused(answer, 400, 3);
          assert(String(answer.at('error')).includes(`"${field}"`), String(answer.at('error')));
        });
      }
      for (const field of operation.body.required ?? []) {
        it(`${name} refuses a body without ${field}: 400, code 3`, async () => {
          const answer = await call(method, pathOf(operation, one), { body: {} });
          refused(answer, 400, 3, new RegExp(`"${field}" is required`));
        });
      }
      if ('update_mask' in operation.body.properties) {
        it(`${name} refuses a mask that names no field of it: 400, code 3`, async () => {
          const body = { update_mask: { paths: ['no.such'] } };
          const answer = await call(method, pathOf(operation, one), { body });
          refused(answer, 400, 3, /update_mask/);
        });
        it(`${name} changes nothing without a mask`, async () => {
          const answer = await call(method, pathOf(operation, one), { body: {} });
          assert.equal(answer.status, 200);
        });
      }
    }

    for (const field of operation.query?.required ?? []) {
      it(`${name} refuses a query without ${field}: 400, code 3`, async () => {
        refused(await call(method, pathOf(operation, one)), 400, 3, new RegExp(field));
      });
    }

    if (operation.query !== undefined && 'page_size' in operation.query.properties) {
      it(`${name} refuses a page that there is not: 400, code 3`, async () => {
        for (const query of ['page_size=x', 'page_size=-1', 'page_token=none']) {
          refused(await call(method, `${pathOf(operation, one)}?${query}`), 400, 3, /page_/);
        }
      });
    }
  }
});
