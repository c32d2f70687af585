import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import {
  type AccessToken,
  looksLikeAccessToken,
  signAccessToken,
  verifyAccessToken,
} from './access-token.ts';

const secret = Buffer.alloc(32, 7).toString('base64url');
const token: AccessToken = {
  id: 'id-1',
  app: 'app-1',
  key: 'key-1',
  generation: 3,
  scope: 'tracking_api:write functions:write',
  issuedAt: 1_700_000_000,
  expiresAt: 1_700_086_400,
};

test('a token says to who has the secret what was signed', () => {
  const text = signAccessToken(token, secret);
  assert.match(text, /^[\w-]+\.[\w-]+\.[\w-]+$/);
  assert(looksLikeAccessToken(text));
  assert.deepEqual(verifyAccessToken(text, secret), token);
});

test('a token with any character changed, cut short, or signed with another secret is none', () => {
  const text = signAccessToken(token, secret);
  const other = Buffer.alloc(32, 8).toString('base64url');
  assert.equal(verifyAccessToken(signAccessToken(token, other), secret), undefined);
  for (let length = 0; length < text.length; length++) {
    assert.equal(verifyAccessToken(text.slice(0, length), secret), undefined);
  }
  for (let at = 0; at < text.lastIndexOf('.'); at++) {
    const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
    assert.equal(verifyAccessToken(changed, secret), undefined, `character ${at}`);
  }
});

test('a token that names another algorithm, or none, is none, however it is signed', () => {
  const [, claims = ''] = signAccessToken(token, secret).split('.');
  for (const header of ['{"alg":"none"}', '{"alg":"HS256","typ":"JWT"}']) {
    const text = `${Buffer.from(header).toString('base64url')}.${claims}`;
    const mac = createHmac('sha256', Buffer.from(secret, 'base64url')).update(text);
    assert.equal(verifyAccessToken(`${text}.${mac.digest('base64url')}`, secret), undefined);
    assert.equal(verifyAccessToken(`${text}.`, secret), undefined);
  }
});
