import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ActionsDestination } from '../../core/actions-destination.ts';
import { limits } from '../../core/limits.ts';
import { isSealed } from '../../core/secret-box.ts';
import { actionsKind } from '../testing/actions-kind.ts';
import { controlRig } from '../testing/control-rig.ts';
import { destinationMetadata } from './destination-metadata.ts';

it('a destination of the library is made with its settings, and its subscriptions name its actions', async () => {
  const rig = await controlRig({ definitions: [actionsKind] });
  const sourceId = (await rig.call('GET', '/sources')).at('data.sources.0.id');
  const settings = { key: 'a secret' };
  const body = { sourceId, metadataId: actionsKind.slug, settings };
  const made = await rig.call('POST', '/destinations', { body });
  assert.equal(made.at('data.destination.metadata.actions.0.slug'), 'sendEvent');
  assert(isSealed(rig.control.snapshot().connections[0]?.settings['key']));
  const path = `/destinations/${made.at('data.destination.id')}/subscriptions`;
  const subscription = { name: 'All', actionId: 'a1', trigger: 'type = "track"' };
  const added = await rig.call('POST', path, { body: subscription });
  assert.equal(added.at('data.destinationSubscription.actionSlug'), 'sendEvent');
  const wrong = await rig.call('POST', path, { body: { ...subscription, actionId: 'a2' } });
  assert.equal(wrong.at('errors.0.field'), 'actionId');
  await rig.close();
});

it('what stands in the way of a kind is in the catalogue and in the snapshot', async () => {
  const rig = await controlRig({ definitions: [actionsKind] });
  const sourceId = (await rig.call('GET', '/sources')).at('data.sources.0.id');
  const body = { sourceId, metadataId: actionsKind.id };
  const made = await rig.call('POST', '/destinations', { body });
  const description = made.at('data.destination.metadata.description');
  assert.match(String(description), /It needs a partner\.$/);
  assert.equal(rig.control.snapshot().connections[0]?.obstacle, 'It needs a partner.');
  await rig.close();
});

it('the actions of a kind are read when somebody asks, once while it is among those shown last', () => {
  let reads = 0;
  const kinds = Array.from(
    { length: limits.shownKinds + 1 },
    (_, index): ActionsDestination => ({
      ...actionsKind,
      slug: `kind-${index}`,
      readActions: () => {
        reads += 1;
        return actionsKind.readActions();
      },
    }),
  );
  const [first, ...others] = kinds;
  assert(first !== undefined);
  for (let again = 0; again < 3; again += 1) destinationMetadata(first);
  assert.equal(reads, 1);
  for (const kind of others) destinationMetadata(kind);
  assert.equal(reads, kinds.length);
  destinationMetadata(first);
  assert.equal(reads, kinds.length + 1);
});
