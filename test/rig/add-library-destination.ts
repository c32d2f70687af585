import type { JsonObject } from '../../src/core/json.ts';
import { api, firstSource, valueAt } from './api.ts';
import type { Server } from './server.ts';

export interface LibraryDestination {
  readonly slug: string;
  readonly settings?: JsonObject;
  /** Slug. */
  readonly action: string;
  readonly trigger: string;
  readonly mapping: JsonObject;
  /** Reverse ETL: the model whose rows it takes. */
  readonly modelId?: string;
}

/** Connects a destination of the library to the first source, with one subscription; returns its id. */
export async function addLibraryDestination(
  server: Server,
  { slug, settings = {}, action, trigger, mapping, ...more }: LibraryDestination,
): Promise<string> {
  const { destinationsMetadata, id } = await made(server, slug, settings);
  const actions = valueAt(destinationsMetadata, 'actions');
  const found = Array.isArray(actions)
    ? actions.find((one: unknown) => valueAt(one, 'slug') === action)
    : undefined;
  await api(server, 'POST', `/destinations/${id}/subscriptions`, {
    name: 'test',
    actionId: String(valueAt(found, 'id')),
    trigger,
    enabled: true,
    settings: mapping,
    ...more,
  });
  return id;
}

async function made(server: Server, metadataId: string, settings: JsonObject) {
  const answer = await api(server, 'POST', '/destinations', {
    sourceId: await firstSource(server),
    metadataId,
    enabled: true,
    settings,
  });
  const id = String(valueAt(answer, 'data.destination.id'));
  return { id, destinationsMetadata: valueAt(answer, 'data.destination.metadata') };
}
