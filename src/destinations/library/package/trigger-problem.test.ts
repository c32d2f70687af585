import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLibraryDestinations } from '../library-destinations.ts';
import { triggerProblem } from './trigger-problem.ts';

test('every trigger of the catalogue is valid', async () => {
  const kinds = await readLibraryDestinations();
  const triggers = kinds.flatMap((kind) => {
    const { actions, presets } = kind.readActions();
    return [
      ...actions.map(({ defaultTrigger }) => defaultTrigger ?? 'type = "track"'),
      ...presets.map(({ trigger }) => trigger),
    ];
  });
  assert(triggers.length > 1_000);
  for (const trigger of triggers) assert.equal(triggerProblem(trigger), undefined, trigger);
});

test("what the library's parser would read as something else is refused", () => {
  for (const trigger of [
    '',
    'type = ',
    'event',
    'garbage ( (',
    "event = 'Bought'",
    '!(type = "track")',
    'type in ["track"]',
    'length(event) > 1',
    'type = "track" and properties.a',
  ]) {
    assert.notEqual(triggerProblem(trigger), undefined, trigger);
  }
  for (const trigger of [
    'event = "It\'s!"',
    'type != "track"',
    'contains(event, "in [")',
    'event = "a" or event = "b"',
  ]) {
    assert.equal(triggerProblem(trigger), undefined, trigger);
  }
});
