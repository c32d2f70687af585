import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMoment } from './parse-moment.ts';

const now = Date.UTC(2026, 10, 20, 10);

test('a moment is ISO 8601, a duration from now, or never', () => {
  assert.equal(parseMoment('2027-01-01T00:00:00Z', now), '2027-01-01T00:00:00Z');
  assert.equal(parseMoment('90s', now), '2026-11-20T10:01:30.000Z');
  assert.equal(parseMoment('24h', now), '2026-11-21T10:00:00.000Z');
  assert.equal(parseMoment('7d', now), '2026-11-27T10:00:00.000Z');
  assert.equal(parseMoment('never', now), null);
});

test('any other text is refused', () => {
  assert.throws(() => parseMoment('soon', now), { code: 'validation_error' });
});
