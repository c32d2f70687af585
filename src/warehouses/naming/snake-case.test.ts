import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Identifiers } from './identifiers.ts';
import { snakeCase } from './snake-case.ts';

test('names become snake case as in Segment’s warehouses (spec tracking-api, Appendix D)', () => {
  for (const [name, expected] of [
    ['@49L0S145_¬fwHƒ0TSLNVp', '49l0s145_fw_h_0tslnvp'],
    ['lk0B@bFmjrLQ_Z6YL', 'lk0_b_b_fmjr_lq_z6yl'],
    ['   sample   2    Text   ', 'sample_2_text'],
    ['inviteYourCustomersAddInvites', 'invite_your_customers_add_invites'],
    ['___$$Base64Encode', 'base64_encode'],
    ['THE5r', 'the5r'],
    ['p_z9Rg', 'p_z9_rg'],
    ['Enabled 2FA', 'enabled_2fa'],
    ['$something%', 'something'],
    ['CStringRef', 'cstring_ref'],
    ['5TEst', '5test'],
    ['edf_6N', 'edf_6n'],
    ['already_clean_9', 'already_clean_9'],
    ['日本語', ''],
  ] as const) {
    assert.equal(snakeCase(name), expected, name);
  }
});

test('a name that is too long is cut, and stays another than its like', () => {
  const reserved = new Set(['select']);
  const dialect = { reserved, reservedSchemas: new Set(['main']), columns: 10, widens: {} };
  const identifiers = new Identifiers({ ...dialect, identifierBytes: 20 });
  const [one, two] = ['a', 'b'].map((end) => identifiers.column([`${'x'.repeat(40)}${end}`]));
  assert.match(one ?? '', /^x{11}_[0-9a-f]{8}$/);
  assert.notEqual(one, two);
  assert.equal(identifiers.column(['Select']), '_select');
  assert.equal(identifiers.table('users'), '_users');
  assert.equal(identifiers.schema('main'), '_main');
});
