/** The alerts, as Prometheus reads them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { discardTable } from '../../src/core/discard-codes.ts';
import { errorTable } from '../../src/core/errors.ts';
import { valueAt } from '../rig/api.ts';
import { repository } from '../rig/repository.ts';
import { lacksGo, lint } from './lint.ts';

const file = 'deploy/prometheus/rules.yml';
const read = (path: string) => readFileSync(join(repository, path), 'utf8');

test('Prometheus takes the rules, and every metric in them is one of ours', {
  skip: lacksGo,
}, () => {
  const { problems, found } = lint('rules', file);
  assert.deepEqual(problems, []);
  assert.ok(Array.isArray(found) && found.length > 10);
  const ours = new Set(
    [...read('docs/reference/metrics.md').matchAll(/^\| `(\w+)` \| (\w+)/gm)].flatMap(
      ([, name = '', kind]) => (kind === 'histogram' ? [`${name}_bucket`] : [name]),
    ),
  );
  const named = found.flatMap((rule) => valueAt(rule, 'metrics')).map(String);
  assert.deepEqual(
    named.filter((name) => name !== 'up' && !ours.has(name)),
    [],
  );
});

test('every alert is explained on the page of monitoring, and every code in it exists', () => {
  const text = read(file);
  const alerts = [...text.matchAll(/alert: (\w+)/g)].map(([, name = '']) => name);
  const page = read('docs/operating/monitoring.md');
  assert.deepEqual(
    alerts.filter((name) => !page.includes(`\`${name}\``)),
    [],
  );
  const codes = [...text.matchAll(/code(?:=~?|!=)"([\w|]+)"/g)].flatMap(([, all = '']) =>
    all.split('|'),
  );
  assert.ok(codes.length > 3);
  const known = new Set([...Object.keys(errorTable), ...Object.keys(discardTable)]);
  assert.deepEqual(
    codes.filter((code) => !known.has(code)),
    [],
  );
});
