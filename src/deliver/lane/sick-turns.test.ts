import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../core/limits.ts';
import { connection, DeliverRig } from '../testing/deliver-rig.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { SickTurns } from './sick-turns.ts';
import { Standing } from './standing.ts';

test('sick lanes work a little later, each once however often it asked, with other work between two', async () => {
  const clock = new FakeClock();
  const turns = new SickTurns(clock);
  const done: string[] = [];
  const work = (name: string) => () => {
    done.push(name);
    setImmediate(() => done.push('other work'));
  };
  const [first, second] = [work('first'), work('second')];
  for (const one of [first, second, first]) turns.ask(one);
  await clock.advance(limits.sickTurnMs - 1);
  assert.deepEqual(done, []);
  await clock.advance(1);
  assert.deepEqual(done.slice(0, 3), ['first', 'other work', 'second']);
  assert.equal(done.filter((name) => name === 'first').length, 1);
});

test('who asks while the lanes have their turns comes in the next round', async () => {
  const clock = new FakeClock();
  const turns = new SickTurns(clock);
  let rounds = 0;
  const again = () => {
    rounds += 1;
    turns.ask(again);
  };
  turns.ask(again);
  await clock.advance(5 * limits.sickTurnMs);
  assert.equal(rounds, 5);
});

test('a lane is sick when most of its latest attempts failed, were refused or took long, and well again soon', () => {
  for (const [kind, ms] of [
    ['retry', 1],
    ['discard', 1],
    ['bug', 1],
    ['delivered', limits.laneSlowMs],
  ] as const) {
    const standing = new Standing();
    for (let n = 0; n < 10; n += 1) standing.record(kind, ms);
    assert.equal(standing.isSick, false, 'a few do not make it sick');
    for (let n = 0; n < 100; n += 1) standing.record(kind, ms);
    assert.equal(standing.isSick, true, kind);
    for (let n = 0; n < 11; n += 1) standing.record('delivered', 5);
    assert.equal(standing.isSick, false);
  }
});

test('a lane with one bad attempt in three stays well', () => {
  const standing = new Standing();
  for (let n = 0; n < 300; n += 1) {
    standing.record(n % 3 === 0 ? 'retry' : 'delivered', 5);
    assert.equal(standing.isSick, false);
  }
});

test('new events go out at once to who is well, and a little later to who is sick, in each user’s order', async () => {
  const rig = await new DeliverRig().start();
  await rig.configure({
    connections: [connection({ settings: { hooks: ['http://sick/', 'http://well/'] } })],
  });
  rig.answering = ({ url }) => (url === 'http://sick/' ? 400 : 200);
  await rig.append(...Array.from({ length: 30 }, (_, n) => ({ id: `before ${n}`, u: `${n}` })));
  await rig.clock.advance(1_000);
  const begun = rig.clock.now();
  await rig.append({ id: '1', u: 'a' }, { id: '2', u: 'a' });
  await rig.clock.advance(1_000);
  const sent = (url: string) =>
    rig.sent.filter((one) => one.url === url && one.at >= begun).map(({ id, at }) => ({ id, at }));
  assert.deepEqual(
    sent('http://well/').map(({ at }) => at - begun),
    [0, 0],
  );
  assert.ok(sent('http://sick/').every(({ at }) => at - begun >= limits.sickTurnMs));
  assert.deepEqual(
    sent('http://sick/').map(({ id }) => id),
    ['1', '2'],
  );
  await rig.stop();
});
