import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Operation } from '../frame/operation.ts';
import { schemaJson, strictSchemaJson } from '../frame/schema-json.ts';
import { operations } from '../operations.ts';
import { answerProblems, requestProblems } from './compare-schemas.ts';
import { type ContractOperation, readContract } from './read-contract.ts';

const { operations: wanted, models } = readContract();

/** Of tier B, in alpha at Segment, and not offered: 501, as all of tier C. */
const notOffered = new Set([
  'listActivationsFromAudience',
  'getActivationFromAudience',
  'addActivationToAudience',
  'updateActivationForAudience',
  'removeActivationFromAudience',
  'listSupportedDestinationsFromAudience',
]);

describe('the contract of Segment’s Public API', () => {
  for (const entry of wanted) {
    const { method, path, tier } = entry;
    const served = operations.find((one) => one.method === method && one.path === path);
    const name = `${tier} ${entry.tag}: ${entry.operationId} is served as its clients expect`;
    it(name, () => {
      assert(served !== undefined);
      assert.equal(served.operationId, entry.operationId);
      assert.equal(served.tag, entry.tag);
      assert.deepEqual(served.tiers ?? ['v1', 'v1beta', 'v1alpha'], entry.types);
      assert.equal(served.perMinute, entry.perMinute);
      assert.equal(served.kind === 'absent', tier === 'C' || notOffered.has(entry.operationId));
      if (served.kind !== 'absent') assert.deepEqual(problems(served, entry), []);
    });
  }
});

function problems(served: Operation, entry: ContractOperation): string[] {
  assert(served.kind === 'read' || served.kind === 'write');
  const status = (served.kind === 'write' ? served.status : undefined) ?? 200;
  const body = entry.body === undefined ? {} : { $ref: entry.body };
  const parameters = Object.fromEntries(
    (entry.query ?? []).map(({ name, schema }) => [name, schema]),
  );
  const query = {
    type: 'object',
    properties: parameters,
    required: (entry.query ?? []).filter(({ required }) => required).map(({ name }) => name),
  };
  const none = { type: 'object', properties: {} };
  return [
    ...(status === entry.status ? [] : [`answers ${status}, not ${entry.status}`]),
    ...answerProblems(strictSchemaJson(served.response), { $ref: entry.data }, models, 'answer'),
    ...requestProblems(served.body ? schemaJson(served.body) : none, body, models, 'body'),
    ...requestProblems(served.query ? schemaJson(served.query) : none, query, models, 'query'),
  ];
}

describe('the comparison with the contract', () => {
  const theirs = {
    M: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
  };
  const reference = { $ref: 'M' };

  it('finds a key too many, one too few, and one of another type in an answer', () => {
    const ours = { type: 'object', properties: { extra: { type: 'string' } }, required: [] };
    assert.deepEqual(answerProblems(ours, reference, theirs, 'answer'), [
      'answer.id: required by the contract',
      'answer.extra: not in the contract',
    ]);
    const number = { type: 'object', properties: { id: { type: 'number' } }, required: ['id'] };
    assert.deepEqual(answerProblems(number, reference, theirs, 'answer'), [
      'answer.id: may be a number',
    ]);
  });

  it('finds a field of a request that is not read, and one that is wanted without need', () => {
    const ours = { type: 'object', properties: { more: {} }, required: ['more'] };
    assert.deepEqual(requestProblems(ours, reference, theirs, 'body'), [
      'body.more: optional in the contract',
      'body.id: not read',
    ]);
  });
});
