import type { SettingOption } from '../../core/destination.ts';
import type { IntegrationOption } from '../public-api/models/catalog.ts';
import type { Static } from '../schemas/type.ts';

/** A setting as the catalogue of the API shows it. */
export function integrationOption(setting: SettingOption): Static<typeof IntegrationOption> {
  const { name, type, required, description, label, defaultValue } = setting;
  return {
    name,
    type,
    required,
    description,
    label,
    ...(defaultValue === undefined ? {} : { defaultValue }),
  };
}
