import type { AudienceAnswer, ProbedAudience } from '../../../core/destination-probe.ts';
import { isJsonObject } from '../../../core/json.ts';
import type { CallContext, LibraryAccount } from '../lane/library-account.ts';
import { answered, oauthOf } from './vendor-answer.ts';

/** Has the audience made at the vendor, or looked up by its `externalId`. */
export async function askAudience(
  account: LibraryAccount,
  context: CallContext,
  audience: ProbedAudience,
): Promise<AudienceAnswer> {
  const { id, key, name, spaceId, settings: audienceSettings, externalId } = audience;
  const asked = await answered(
    account.call(context, {}, async (destination, { settings, auth, ...more }) => {
      const { createAudience, getAudience } = destination.definition.audienceConfig ?? {};
      if (createAudience === undefined || getAudience === undefined) return false;
      const input = {
        settings: { ...settings, oauth: oauthOf(auth) },
        audienceSettings,
        audienceName: name,
        personas: {
          computation_id: id,
          computation_key: key,
          computation_class: 'audience',
          namespace: spaceId,
          space_id: spaceId,
        },
        ...{ features: more.features, statsContext: more.statsContext },
      };
      return externalId === undefined
        ? await destination.createAudience(input)
        : await destination.getAudience({ ...input, externalId });
    }),
  );
  if ('failure' in asked) return { state: 'failed', message: asked.failure };
  if (asked.value === false) return { state: 'unsupported' };
  const given = isJsonObject(asked.value) ? asked.value['externalId'] : undefined;
  if (typeof given === 'string' || typeof given === 'number') {
    return { state: 'ready', externalId: String(given) };
  }
  return { state: 'failed', message: 'The vendor gave no id for the audience' };
}
