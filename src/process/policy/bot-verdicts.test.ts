import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../core/limits.ts';
import { BotVerdicts } from './bot-verdicts.ts';

test('the list is asked once for each user agent, and what is remembered is bounded', async () => {
  const asked: string[] = [];
  const verdicts = new BotVerdicts(async () => (agent) => {
    asked.push(agent);
    return agent.startsWith('bot') ? 'bot' : null;
  });
  await verdicts.ready();
  for (const agent of ['bot 1', 'person', 'bot 1', 'person']) verdicts.match(agent);
  assert.deepEqual(asked, ['bot 1', 'person']);
  for (let count = 0; count < limits.botVerdicts; count++) verdicts.match(`person ${count}`);
  verdicts.match('bot 1');
  assert.equal(asked.filter((agent) => agent === 'bot 1').length, 2);
});

test('the list is not loaded before it is needed', () => {
  const verdicts = new BotVerdicts(() => assert.fail('not needed'));
  assert.equal(verdicts.match('bot'), undefined);
});
