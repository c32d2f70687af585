import { openedDestinationSettings } from '../../destinations/destination-settings.ts';
import { findDestination, kindOf } from '../../destinations/find-destination.ts';
import { findSubscription } from '../../destinations/subscriptions/find-subscription.ts';
import { Type } from '../../schemas/type.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';

const Text = Type.String({ minLength: 1, maxLength: 1_000 });

export const listFieldChoicesFromSubscription = readOperation({
  operationId: 'listFieldChoicesFromSubscription',
  method: 'GET',
  path: '/destinations/{destinationId}/subscriptions/{subscriptionId}/field-choices',
  tag: 'Tributary',
  summary: 'What the vendor offers for a dynamic field of a subscription, as its mapping stands',
  permission: 'write',
  on: { destination: 'destinationId' },
  perMinute: 60,
  params: Type.Object({ destinationId: Id, subscriptionId: Id }),
  query: Type.Object({ fieldKey: Text, page: Type.Optional(Text) }),
  response: Type.Object({
    choices: Type.Array(Type.Object({ label: Type.String(), value: Type.String() })),
    nextPage: Type.Optional(Type.String()),
    error: Type.Optional(Type.String()),
  }),
  handle: async ({ db, environment }, { params, query }) => {
    const row = await findDestination(db, params.destinationId);
    const subscription = await findSubscription(db, row.id, params.subscriptionId);
    const kind = kindOf(environment.catalog, row);
    const settings = openedDestinationSettings(environment, kind, row);
    const field = {
      action: subscription.action_slug,
      key: query.fieldKey,
      ...(query.page !== undefined && { page: query.page }),
    };
    const asked = await environment.probe?.choices(
      { id: row.id, slug: kind.slug, settings },
      field,
      JSON.parse(subscription.settings),
    );
    const { choices, ...more } = asked ?? { choices: [] };
    return { choices: [...choices], ...more };
  },
});
