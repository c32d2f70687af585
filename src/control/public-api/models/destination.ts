import { renderedOnce } from '../../schemas/rendered-once.ts';
import { Type } from '../../schemas/type.ts';
import { AnyJson, FreeObject, nullable, oneOf } from '../frame/schema.ts';
import { CatalogStatus, IntegrationOption, Logos } from './catalog.ts';

const Component = Type.Object({
  type: oneOf(['ANDROID', 'BROWSER', 'IOS', 'SERVER']),
  code: Type.String(),
  owner: Type.Optional(oneOf(['PARTNER', 'SEGMENT'])),
});

const ActionField = Type.Object({
  id: Type.String(),
  sortOrder: Type.Number(),
  fieldKey: Type.String(),
  label: Type.String(),
  type: oneOf([
    'BOOLEAN',
    'DATETIME',
    'HIDDEN',
    'INTEGER',
    'NUMBER',
    'OBJECT',
    'PASSWORD',
    'STRING',
    'TEXT',
  ]),
  description: Type.String(),
  placeholder: Type.Optional(Type.String()),
  defaultValue: Type.Optional(AnyJson),
  required: Type.Boolean(),
  multiple: Type.Boolean(),
  choices: Type.Optional(AnyJson),
  dynamic: Type.Boolean(),
  allowNull: Type.Boolean(),
  hidden: Type.Optional(Type.Boolean()),
});

const Action = Type.Object({
  id: Type.String(),
  slug: Type.String(),
  name: Type.String(),
  description: Type.String(),
  platform: oneOf(['CLOUD', 'MOBILE', 'WEB']),
  hidden: Type.Boolean(),
  defaultTrigger: nullable('string'),
  fields: Type.Array(ActionField),
});

const Preset = Type.Object({
  actionId: Type.String(),
  name: Type.String(),
  fields: FreeObject,
  trigger: Type.String(),
});

const Features = Type.Object({
  cloudModeInstances: Type.Optional(oneOf(['0', '1', 'MULTIPLE', 'NONE', 'SINGLE'])),
  deviceModeInstances: Type.Optional(oneOf(['0', '1', 'NONE', 'SINGLE'])),
  replay: Type.Optional(Type.Boolean()),
  browserUnbundling: Type.Optional(Type.Boolean()),
  browserUnbundlingPublic: Type.Optional(Type.Boolean()),
});

const Methods = Type.Object({
  pageview: Type.Optional(Type.Boolean()),
  identify: Type.Optional(Type.Boolean()),
  alias: Type.Optional(Type.Boolean()),
  track: Type.Optional(Type.Boolean()),
  group: Type.Optional(Type.Boolean()),
});

const Platforms = Type.Object({
  browser: Type.Optional(Type.Boolean()),
  server: Type.Optional(Type.Boolean()),
  mobile: Type.Optional(Type.Boolean()),
  warehouse: Type.Optional(Type.Boolean()),
  cloudAppObject: Type.Optional(Type.Boolean()),
  linkedAudiences: Type.Optional(Type.Boolean()),
});

export const DestinationMetadata = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  slug: Type.String(),
  logos: Logos,
  options: Type.Array(IntegrationOption),
  status: CatalogStatus,
  previousNames: Type.Array(Type.String()),
  categories: Type.Array(Type.String()),
  website: Type.String(),
  components: Type.Array(Component),
  supportedFeatures: Features,
  supportedMethods: Methods,
  supportedPlatforms: Platforms,
  actions: Type.Array(Action),
  presets: Type.Array(Preset),
});

export const Destination = Type.Object({
  id: Type.String(),
  name: Type.Optional(Type.String()),
  enabled: Type.Boolean(),
  metadata: renderedOnce(DestinationMetadata),
  sourceId: Type.String(),
  settings: FreeObject,
});
