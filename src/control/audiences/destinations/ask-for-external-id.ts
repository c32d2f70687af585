import type { JsonObject } from '../../../core/json.ts';
import { openedDestinationSettings } from '../../destinations/destination-settings.ts';
import { type DestinationRow, kindOf } from '../../destinations/find-destination.ts';
import type { Environment } from '../../environment.ts';
import { InputFailure } from '../../input-failure.ts';
import type { AudienceRow } from '../find-audience.ts';

/**
 * What an audience is at the vendor of a destination: made there, or looked up where it is named. Undefined where the code of the
 * destination makes none, or no vendor is asked. Throws `input_validation` with what the vendor said.
 */
export async function askForExternalId(
  environment: Environment,
  audience: AudienceRow,
  destination: DestinationRow,
  settings: JsonObject,
  externalId?: string,
): Promise<string | undefined> {
  const kind = kindOf(environment.catalog, destination);
  const probed = {
    ...{ id: destination.id, slug: kind.slug },
    settings: openedDestinationSettings(environment, kind, destination),
  };
  const answer = await environment.probe?.audience?.(probed, {
    ...{ id: audience.id, key: audience.key, name: audience.name, spaceId: audience.space_id },
    ...{ settings, ...(externalId !== undefined && { externalId }) },
  });
  if (answer === undefined || answer.state === 'unsupported') return externalId;
  if (answer.state === 'ready') return answer.externalId;
  const field = externalId === undefined ? 'destination.id' : 'externalId';
  const message = `"${field}": ${kind.name} has not taken the audience: ${answer.message}`;
  throw new InputFailure([{ field, message }]);
}
