/** Destinations that are told of deletions: the function's real code in a real process, and a vendor by script. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { controlRig, everyOption } from '../../control/testing/control-rig.ts';
import { logRig } from '../../control/testing/log-rig.ts';
import { systemClock } from '../../core/clock.ts';
import type { DeletedUser, DestinationProbe, UserDeletion } from '../../core/destination-probe.ts';
import type { HttpRequest } from '../../core/http.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { silentLogger } from '../../core/logger.ts';
import { eventually } from '../../core/testing/eventually.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { createFunctions } from '../../functions/create-functions.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';

const other = { ...everyOption, id: '5f0000000000000000000009', slug: 'other' };

const code = `async function onDelete(event, settings) {
  const answer = await fetch('https://example.com/forget', {
    method: 'POST', body: JSON.stringify({ ...event, key: settings.key }),
  });
  if (answer.status >= 500) throw new RetryError('busy');
  if (answer.status >= 400) throw new Error('refused');
}`;

async function stand(t: TestContext) {
  const clock = new ManualClock();
  const store = await freshStores().openControl();
  const work = await freshStores().openWork();
  const { logs } = await logRig(clock);
  const sent: Json[] = [];
  let status = 200;
  const http = {
    request: async ({ body }: HttpRequest) => {
      sent.push(JSON.parse(Buffer.from(body ?? '').toString()));
      return { status, headers: {}, body: '' };
    },
  };
  const asked: [slug: string, user: DeletedUser][] = [];
  let answer = (_user: DeletedUser): UserDeletion => ({ state: 'deleted' });
  const probe: DestinationProbe = {
    test: async () => ({ state: 'UNKNOWN' }),
    triggerProblem: async () => undefined,
    choices: async () => ({ choices: [] }),
    deleteUser: async ({ slug }, user) => {
      if (slug === 'other') return { state: 'unsupported' };
      asked.push([slug, user]);
      return answer(user);
    },
  };
  const functions = createFunctions({ http, clock: systemClock, logger: silentLogger });
  const start = () =>
    controlRig({ clock, store, work, logs, functions, probe, definitions: [everyOption, other] });
  const rig = await start();
  t.after(async () => {
    await rig.close();
    await functions.stop();
    await work.close();
  });
  const sourceId = () => rig.control.snapshot().sources[0]?.id;
  const connect = async (metadataId: string, settings: object = {}): Promise<string> => {
    const body = { sourceId: sourceId(), metadataId, settings };
    return String((await rig.call('POST', '/destinations', { body })).at('data.destination.id'));
  };
  const regulate = async (subjectIds: readonly string[], regulationType = 'DELETE_ONLY') => {
    const body = { regulationType, subjectType: 'USER_ID', subjectIds };
    return String((await rig.call('POST', '/regulations', { body })).at('data.regulateId'));
  };
  /** By the id of the destination. */
  const told = async (id: string): Promise<ReadonlyMap<string, readonly Json[]>> => {
    const regulation = await rig.call('GET', `/regulations/${id}`);
    const streams = regulation.at('data.regulation.streamStatus');
    const all = Array.isArray(streams) ? streams.filter(isJsonObject) : [];
    const each = all.flatMap(({ destinationStatus: list }) => (Array.isArray(list) ? list : []));
    return new Map(
      each
        .filter(isJsonObject)
        .map((one) => [String(one['id']), [one['status'] ?? '', one['errString'] ?? '']]),
    );
  };
  return {
    ...{ clock, sent, asked, connect, regulate, told },
    makeFunction: async (more: object = {}) => {
      const setting = { name: 'key', label: 'key', description: '', type: 'STRING' };
      const settings = [{ ...setting, required: true, sensitive: true }];
      const body = { resourceType: 'DESTINATION', code, displayName: 'F', settings, ...more };
      const made = await rig.call('POST', '/functions', { body });
      await rig.call('POST', `/functions/${made.at('data.function.id')}/deploy`);
      return String(made.at('data.function.catalogId'));
    },
    /** Looks again and again meanwhile. */
    until: (what: string, id: string, destination: string, state: string) =>
      eventually(what, async () => (await told(id)).get(destination)?.[0] === state, {
        ...{ every: 50, step: () => clock.advance(limits.tellEveryMs) },
      }),
    overall: async (id: string) =>
      (await rig.call('GET', `/regulations/${id}`)).at('data.regulation.overallStatus'),
    statusIs: (next: number) => {
      status = next;
    },
    answers: (next: (user: DeletedUser) => UserDeletion) => {
      answer = next;
    },
  };
}

test('destinations and functions are told of each user who is deleted, once, and the regulation says so', async (t) => {
  const { connect, makeFunction, regulate, told, until, sent, asked, clock, overall } =
    await stand(t);
  const vendor = await connect(everyOption.id);
  const deaf = await connect(other.id);
  const own = await connect(await makeFunction(), { key: 'a-long-secret' });
  const silent = await connect(await makeFunction({ code: 'function onTrack() {}' }), { key: 'k' });
  const at = new Date(clock.now()).toISOString();
  const id = await regulate(['u1', 'u2']);
  assert.deepEqual((await told(id)).get(vendor), ['INITIALIZED', '']);
  await until('the last one is told', id, silent, 'NOT_SUPPORTED');
  const states = [...(await told(id))].map(([of, [state]]) => [of, state]);
  assert.deepEqual(states, [
    [vendor, 'FINISHED'],
    [deaf, 'NOT_SUPPORTED'],
    [own, 'FINISHED'],
    [silent, 'NOT_SUPPORTED'],
  ]);
  assert.deepEqual(asked, [
    ['every-option', { userId: 'u1' }],
    ['every-option', { userId: 'u2' }],
  ]);
  const event = { type: 'delete', timestamp: at, key: 'a-long-secret' };
  assert.deepEqual(sent, [
    { ...event, userId: 'u1' },
    { ...event, userId: 'u2' },
  ]);
  // Neither those of this server alone, nor a destination that is made later.
  const inner = await regulate(['u3'], 'DELETE_INTERNAL');
  clock.advance(1);
  const late = await connect(everyOption.id);
  const next = await regulate(['u4']);
  await until('the next one is told', next, late, 'FINISHED');
  assert.equal((await told(id)).has(late), false);
  assert.equal((await told(inner)).size, 0);
  assert.equal(asked.filter(([, { userId }]) => userId === 'u1').length, 1);
  await eventually('it is over', async () => (await overall(id)) === 'PARTIAL_SUCCESS', {
    step: () => clock.advance(limits.deletionEveryMs),
  });
});

test('what may pass is tried again, for a day; what does not is a failure with its message, and the others are told', async (t) => {
  const { connect, makeFunction, regulate, told, until, sent, clock, ...more } = await stand(t);
  const own = await connect(await makeFunction(), { key: 'k' });
  more.statusIs(503);
  const id = await regulate(['u1', 'u2']);
  await until('it is told', id, own, 'RUNNING');
  assert.deepEqual((await told(id)).get(own), ['RUNNING', 'busy']);
  more.statusIs(200);
  await until('it is done', id, own, 'FINISHED');
  const users = sent.map((one) => isJsonObject(one) && one['userId']);
  assert.deepEqual(users.slice(-2), ['u1', 'u2'], 'it goes on with the one that failed');
  assert.ok(users.slice(0, -1).every((user) => user === 'u1') && users.length > 2);
  more.statusIs(400);
  const refused = await regulate(['u3']);
  await until('it has failed', refused, own, 'FAILED');
  assert.match(String((await told(refused)).get(own)?.[1]), /refused/);
  const vendor = await connect(everyOption.id);
  more.answers(({ userId }) =>
    userId === 'u4' ? { state: 'failed', message: 'busy', retry: true } : { state: 'deleted' },
  );
  const given = await regulate(['u4', 'u5']);
  await until('it is told', given, vendor, 'RUNNING');
  clock.advance(limits.toldForMs);
  await until('it is given up', given, vendor, 'FAILED');
  assert.deepEqual(more.asked.at(-1), ['every-option', { userId: 'u5' }]);
});
