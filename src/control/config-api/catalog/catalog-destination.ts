import type { DestinationKind } from '../../../core/destination.ts';
import { destinationMetadata } from '../../catalog/destination-metadata.ts';
import { AnyJson } from '../../public-api/frame/schema.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { CatalogLogos } from './catalog-source.ts';
import { settingType } from './setting-type.ts';

const flag = Type.Boolean();

const CatalogSetting = Type.Object({
  name: Type.String(),
  display_name: Type.String(),
  description: Type.String(),
  type: Type.String(),
  deprecated: flag,
  required: flag,
  default_value: Type.Optional(AnyJson),
  string_validators: Type.Object({ regexp: Type.String() }),
  settings: Type.Array(AnyJson),
});

export const CatalogDestination = Type.Object({
  name: Type.String(),
  id: Type.String(),
  slug: Type.String(),
  display_name: Type.String(),
  description: Type.String(),
  type: Type.String(),
  website: Type.String(),
  status: Type.String(),
  categories: Type.Object({
    primary: Type.String(),
    secondary: Type.String(),
    additional: Type.Array(Type.String()),
  }),
  logos: CatalogLogos,
  components: Type.Array(Type.Object({ type: Type.String() })),
  settings: Type.Array(CatalogSetting),
  methods: Type.Object({
    pageview: flag,
    identify: flag,
    alias: flag,
    track: flag,
    group: flag,
  }),
  platforms: Type.Object({ browser: flag, server: flag, mobile: flag }),
  browserUnbundlingSupported: flag,
  browserUnbundlingPublic: flag,
  previousNames: Type.Array(Type.String()),
});

/** A kind of destination, made of what the Public API shows of it. */
export function catalogDestination(kind: DestinationKind): Static<typeof CatalogDestination> {
  const shown = destinationMetadata(kind);
  const { supportedMethods: methods, supportedPlatforms: platforms } = shown;
  const [primary = '', secondary = '', ...additional] = shown.categories;
  return {
    name: `catalog/destinations/${shown.slug}`,
    id: shown.id,
    slug: shown.slug,
    display_name: shown.name,
    description: shown.description,
    type: 'STREAMING',
    website: shown.website,
    status: shown.status,
    categories: { primary, secondary, additional },
    logos: { logo: shown.logos.default, mark: shown.logos.mark ?? '' },
    components: shown.components.map(({ type }) => ({ type })),
    settings: shown.options.map(({ name, label, description, type, required, defaultValue }) => ({
      name,
      display_name: label ?? name,
      description: description ?? '',
      type: settingType(type).toUpperCase(),
      deprecated: false,
      required,
      ...(defaultValue === undefined ? {} : { default_value: defaultValue }),
      string_validators: { regexp: '' },
      settings: [],
    })),
    methods: {
      pageview: methods.pageview === true,
      identify: methods.identify === true,
      alias: methods.alias === true,
      track: methods.track === true,
      group: methods.group === true,
    },
    platforms: {
      browser: platforms.browser === true,
      server: platforms.server === true,
      mobile: platforms.mobile === true,
    },
    browserUnbundlingSupported: shown.supportedFeatures.browserUnbundling === true,
    browserUnbundlingPublic: shown.supportedFeatures.browserUnbundlingPublic === true,
    previousNames: shown.previousNames,
  };
}
