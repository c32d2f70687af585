import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { metricsIn } from './reference/metrics.ts';
import { pages } from './reference/pages.ts';
import { repository } from './rig/repository.ts';
import { source } from './tidy/source.ts';

test('the reference documents every configuration key, error code, discard code and metric, and nothing else', () => {
  for (const [path, text] of pages()) {
    const there = readFileSync(join(repository, path), 'utf8');
    assert.equal(there, text, `${path} is not up to date: run npm run reference`);
    assert.ok(text.split('\n').length > 12, `${path} is empty`);
  }
  const folder = 'docs/reference';
  for (const name of readdirSync(join(repository, folder))) {
    const path = `${folder}/${name}`;
    if (!pages().has(path))
      assert.doesNotMatch(readFileSync(join(repository, path), 'utf8'), /<!-- Generated/);
  }
});

test('a metric is read from its declaration, with constants looked up', () => {
  const text = `
    const labelNames = ['source', 'code'] as const;
    const total = 'tributary_a_total';
    const a = new Counter<'source'>({ name: total, help: "What's counted.", labelNames, registers });
    const b = new Gauge({
      name: 'tributary_b',
      help: 'What is measured.',
      labelNames: ['destination'],
      registers: [registry],
      collect() { this.set(1); },
    });`;
  assert.deepEqual(metricsIn([source('src/a.ts', text)]), [
    {
      name: 'tributary_a_total',
      kind: 'counter',
      labels: ['source', 'code'],
      help: "What's counted.",
    },
    { name: 'tributary_b', kind: 'gauge', labels: ['destination'], help: 'What is measured.' },
  ]);
});

test('a metric made by a function of the file is read from the call', () => {
  const text = `
    const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
    gauge('tributary_b', 'What is measured.', () => 1);
    counter(registry, 'tributary_a_total', 'What is counted.', ['source']);`;
  assert.deepEqual(metricsIn([source('src/a.ts', text)]), [
    { name: 'tributary_a_total', kind: 'counter', labels: ['source'], help: 'What is counted.' },
    { name: 'tributary_b', kind: 'gauge', labels: [], help: 'What is measured.' },
  ]);
});

test('a metric that cannot be read is an error, not a gap in the page', () => {
  const planted = (text: string) => () => metricsIn([source('src/a.ts', text)]);
  assert.throws(planted("make('tributary_a', 'What it is.');"), /not declared in a way/);
  assert.throws(
    planted("new Gauge({ name: prefix + 'a', help: 'What it is.' });"),
    /lacks its name/,
  );
});
