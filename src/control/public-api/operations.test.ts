import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { isJsonObject, type Json } from '../../core/json.ts';
import { type ControlRig, controlRig } from '../testing/control-rig.ts';
import { leastValue } from '../testing/least-value.ts';
import { type WrongValue, wrongValues } from '../testing/wrong-values.ts';
import type { Operation } from './frame/operation.ts';
import { schemaJson, strictSchemaJson } from './frame/schema-json.ts';
import { operations } from './operations.ts';

/** A path with every parameter filled in. */
function path(operation: Operation): string {
  return operation.path.replaceAll(/\{\w+\}/g, 'x');
}

/** The least query that an operation takes. */
function query(operation: Operation): string {
  const parameters = new URLSearchParams();
  const least = operation.query === undefined ? {} : leastValue(schemaJson(operation.query));
  for (const [name, value] of Object.entries(isJsonObject(least) ? least : {})) {
    parameters.set(name, queryText(value));
  }
  return `?${parameters}`;
}

function queryText(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

describe('every operation', () => {
  let rig: ControlRig;
  let readToken: unknown;
  before(async () => {
    rig = await controlRig();
    const body = { name: 'reader', permission: 'read' };
    readToken = (await rig.call('POST', '/tokens', { body })).at('data.secret');
  });
  after(() => rig.close());

  for (const operation of operations) {
    const name = operation.operationId;

    it(`${name} refuses a request without a valid token`, async () => {
      // Each from an address of its own: who guesses much is slowed.
      const headers = { 'x-forwarded-for': name };
      for (const token of ['wrong', '']) {
        const answer = await rig.call(operation.method, path(operation), { token, headers });
        assert.equal(answer.status, 401);
        assert.equal(answer.at('errors.0.type'), 'unauthorized');
      }
    });

    if (operation.kind === 'absent') {
      it(`${name} is not offered, and says so`, async () => {
        const answer = await rig.call(operation.method, path(operation));
        assert.equal(answer.status, 501);
        assert.equal(answer.at('errors.0.type'), 'not-implemented');
      });
      continue;
    }

    if (operation.params !== undefined) {
      it(`${name} says 404 of what is not there`, async () => {
        const answer = await rig.call(operation.method, `${path(operation)}${query(operation)}`, {
          ...(operation.body && { body: leastValue(schemaJson(operation.body)) }),
        });
        assert.equal(answer.status, 404, JSON.stringify(answer.body));
        assert.equal(answer.at('errors.0.type'), 'not-found');
      });
    }

    if (operation.permission !== 'read') {
      it(`${name} refuses a token that may only read`, async () => {
        assert(typeof readToken === 'string');
        const answer = await rig.call(operation.method, path(operation), { token: readToken });
        assert.equal(answer.status, 403);
        assert.equal(answer.at('errors.0.type'), 'forbidden');
      });
    }

    for (const { field, body } of wrongBodies(operation)) {
      it(`${name} refuses a body whose ${field} is of the wrong type`, async () => {
        const answer = await rig.call(operation.method, `${path(operation)}${query(operation)}`, {
          body,
        });
        assert.equal(answer.status, 422);
        const named = JSON.stringify(answer.at('errors')).includes(`"field":"${field}"`);
        assert(named, JSON.stringify(answer.body));
        assert.equal(answer.at('errors.0.type'), 'input-validation');
      });
    }

    for (const field of operation.body?.required ?? []) {
      it(`${name} refuses a body without ${field}`, async () => {
        const answer = await rig.call(operation.method, path(operation), { body: {} });
        assert.equal(answer.status, 422);
        assert(JSON.stringify(answer.at('errors')).includes(`\\"${field}\\" is required`));
      });
    }

    for (const field of operation.query?.required ?? []) {
      it(`${name} refuses a query without ${field}`, async () => {
        const answer = await rig.call(operation.method, path(operation));
        assert.equal(answer.status, 422);
        const errors = answer.at('errors');
        const fields = Array.isArray(errors)
          ? errors.map((one) => isJsonObject(one) && one['field'])
          : [];
        assert.ok(fields.includes(field), JSON.stringify(fields));
      });
    }

    if (operation.kind === 'read' || operation.kind === 'write') {
      it(`${name} declares an answer that compiles and lets no other key through`, () => {
        const ajv = new Ajv({ strict: false });
        const schema = strictSchemaJson(operation.response);
        assert.equal(ajv.validate(schema, { neverDeclared: 1 }), false);
        assert.equal(schema['additionalProperties'], false);
      });
    }
  }

  it('has an id and a path of its own', () => {
    const ids = operations.map(({ operationId }) => operationId);
    const places = operations.map(({ method, path }) => `${method} ${path}`);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(new Set(places).size, places.length);
  });
});

/** A body for each field, also of objects and lists in it, whose value there no schema of ours takes. */
function wrongBodies(operation: Operation): readonly WrongValue[] {
  return operation.body === undefined ? [] : wrongValues(schemaJson(operation.body));
}
