import type { Selectable } from 'kysely';
import type { DeletedUser, UserDeletion } from '../../core/destination-probe.ts';
import { isDeviceDestination } from '../../core/device-mode.ts';
import { functionFailures } from '../../core/functions.ts';
import type { JsonObject } from '../../core/json.ts';
import type { DestinationTable } from '../../core/tables/destination-tables.ts';
import { readDeployedFunctions } from '../configuration/read-deployed-functions.ts';
import { openedDestinationSettings } from '../destinations/destination-settings.ts';
import type { Environment } from '../environment.ts';
import { isFunctionKind } from '../functions/workspace-kinds.ts';

/**
 * Asks a destination to delete what it has of an end user: `onDelete` of its definition, or of its function. `environment` has the
 * functions of the workspace in its catalogue; `at` is when the deletion was asked for.
 */
export async function askDeletion(
  environment: Environment,
  destination: Selectable<DestinationTable>,
  user: DeletedUser,
  at: number,
): Promise<UserDeletion> {
  const kind = environment.catalog.destination(destination.metadata_id);
  if (kind === undefined || isDeviceDestination(kind)) return { state: 'unsupported' };
  const { id } = destination;
  const settings = openedDestinationSettings(environment, kind, destination);
  if (isFunctionKind(kind)) return askFunction(environment, destination, settings, user, at);
  const asked = environment.probe?.deleteUser?.({ id, slug: kind.slug, settings }, user);
  return (await asked) ?? { state: 'unsupported' };
}

async function askFunction(
  { db, functions }: Environment,
  { id, metadata_id }: Selectable<DestinationTable>,
  settings: JsonObject,
  user: DeletedUser,
  at: number,
): Promise<UserDeletion> {
  const code = (await readDeployedFunctions(db)).get(metadata_id);
  if (code === undefined || functions === undefined) return { state: 'unsupported' };
  const event = { type: 'delete', ...user, timestamp: new Date(at).toISOString() };
  const { outcome } = await functions.invoke({
    ...{ version: code.version, secrets: code.secrets, instance: id, settings },
    input: { kind: 'event', type: 'delete', text: JSON.stringify(event) },
  });
  if (outcome.kind !== 'failed') return { state: 'deleted' };
  const { failure, message } = outcome;
  if (failure === 'unsupported_event_type') return { state: 'unsupported' };
  return { state: 'failed', message, retry: functionFailures[failure].retry !== 'never' };
}
