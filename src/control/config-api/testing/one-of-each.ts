import assert from 'node:assert/strict';
import { roles } from '../../access/roles.ts';
import { type ControlRig, everyOption } from '../../testing/control-rig.ts';
import type { ConfigAnswer, ConfigCall } from './config-calls.ts';

/** Makes a resource of each kind; answers with the parameters of paths that name them. */
export async function makeOneOfEach(
  rig: ControlRig,
  call: ConfigCall,
): Promise<Readonly<Record<string, string>>> {
  const base = '/workspaces/default';
  const source = { name: 'js', catalog_name: 'catalog/sources/javascript' };
  made(await call('POST', `${base}/sources`, { body: { source } }));
  const destination = { name: everyOption.slug };
  made(await call('POST', `${base}/sources/js/destinations`, { body: { destination } }));
  const access_token = { description: 'one', scopes: 'workspace' };
  const token = made(await call('POST', '/access-tokens', { body: { access_token } }));
  const user = { email: 'one@example.com', name: 'One', permissions: [] };
  await rig.call('POST', '/users', { body: user });
  const role = roles[0]?.id ?? '';
  const policy = { resource: 'workspaces/default', subject: user.email };
  const given = made(await call('POST', `${base}/roles/${role}/policies`, { body: { policy } }));
  const invite = { email: 'two@example.com' };
  const invited = made(await call('POST', `${base}/invites`, { body: { invite } }));
  const filter = { if: 'all', actions: [{ type: 'drop_event' }] };
  const filters = `${base}/sources/js/destinations/${everyOption.slug}/filters`;
  const filtered = made(await call('POST', filters, { body: { filter } }));
  const regulation = { regulation_type: 'Delete', attributes: { name: 'userId', values: ['u'] } };
  const regulated = made(
    await call('POST', `${base}/sources/js/regulations`, { body: regulation }),
  );
  const tracking_plan = { display_name: 'One' };
  const planned = made(await call('POST', `${base}/tracking-plans`, { body: { tracking_plan } }));
  const code = { type: 'SOURCE', function: { code: '' } };
  const written = made(await call('POST', `${base}/functions`, { body: code }));
  return {
    function: String(written.at('id')),
    plan: lastOf(planned.at('name')),
    metric: 'successes',
    filter: lastOf(filtered.at('name')),
    regulation: String(regulated.at('regulate_id')),
    role,
    policy: lastOf(given.at('name')),
    invite: lastOf(invited.at('name')),
    workspace: 'default',
    source: 'js',
    destination: everyOption.slug,
    token: lastOf(token.at('name')),
  };
}

function made(answer: ConfigAnswer): ConfigAnswer {
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer;
}

function lastOf(name: unknown): string {
  return String(name).split('/').at(-1) ?? '';
}
