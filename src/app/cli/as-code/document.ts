import Type, { type Static } from 'typebox';
import { functionTypes } from '../../../control/functions/function-type.ts';

const Name = Type.String({ minLength: 1, maxLength: 255 });
const Slug = Type.String({ minLength: 1, maxLength: 255, description: 'Slug of a source.' });
const KindSlug = Type.String({ minLength: 1, description: 'Slug of its kind in the catalogue.' });
const Free = Type.Record(Type.String(), Type.Unknown());
const Settings = Type.Record(Type.String(), Type.Unknown(), {
  description:
    'What is not named stays as it is; null unsets. $' +
    '{env:NAME} takes a value from the environment; a masked secret (•) leaves what is stored.',
});
const Flag = Type.Optional(Type.Boolean());

const FunctionName = Type.Optional(
  Type.String({ minLength: 1, description: 'A function, in place of a kind of the catalogue.' }),
);

/** Unknown keys are refused: a misspelt one would be ignored else. */
function closed<Properties extends Type.TProperties>(properties: Properties, description: string) {
  return Type.Object(properties, { additionalProperties: false, description });
}

const LabelKey = closed({ key: Name, value: Name }, 'A label of the workspace.');

const LabelItem = closed(
  { key: Name, value: Name, description: Type.Optional(Type.String()) },
  'A label that can be put on sources. Its description is set when it is made.',
);

const SourceItem = closed(
  {
    slug: Slug,
    name: Type.Optional(Name),
    kind: Type.Optional(KindSlug),
    function: FunctionName,
    enabled: Flag,
    settings: Type.Optional(Settings),
    labels: Type.Optional(Type.Array(LabelKey)),
    schemaSettings: Type.Optional(
      closed(
        { track: Type.Optional(Free), identify: Type.Optional(Free), group: Type.Optional(Free) },
        'What becomes of events that the tracking plan does not have, or that break it.',
      ),
    ),
  },
  'A source, known by its slug. Its write keys are not in the file and stay.',
);

const FunctionSetting = closed(
  {
    name: Name,
    label: Type.Optional(Type.String({ description: 'The name, where nothing is said.' })),
    description: Type.Optional(Type.String()),
    type: Type.Optional(
      Type.Enum(['STRING', 'BOOLEAN', 'ARRAY', 'TEXT_MAP'], {
        description: 'STRING, where nothing is said.',
      }),
    ),
    required: Flag,
    sensitive: Flag,
  },
  'A setting that the function declares; its values are where the function is used.',
);

const FunctionItem = closed(
  {
    name: Type.String({ minLength: 1, maxLength: 120 }),
    type: Type.Enum(functionTypes),
    description: Type.Optional(Type.String()),
    logoUrl: Type.Optional(Type.String()),
    code: Type.Optional(Type.String({ description: 'JavaScript; or codeFile.' })),
    codeFile: Type.Optional(
      Type.String({ minLength: 1, description: 'Path of the code, from this file.' }),
    ),
    deployed: Type.Optional(
      Type.Boolean({ description: 'False: the code is only saved; what is deployed stays.' }),
    ),
    draft: Type.Optional(
      Type.String({ description: 'Code that is saved beside the one that is deployed.' }),
    ),
    draftFile: Type.Optional(Type.String({ minLength: 1, description: 'Its path.' })),
    settings: Type.Optional(Type.Array(FunctionSetting)),
  },
  'A function, known by its name, that of the workspace left out. Its code is deployed.',
);

const InsertFunctionItem = closed(
  {
    name: Name,
    function: Type.String({ minLength: 1, description: 'Name of an insert function.' }),
    source: Type.Optional(Slug),
    destination: Type.Optional(Type.String({ description: 'Slug of its source, /, its name.' })),
    enabled: Flag,
    settings: Type.Optional(Settings),
  },
  'An insert function in front of a source or a destination, known by that and its name.',
);

const FilterItem = closed(
  {
    title: Type.String({ minLength: 1, maxLength: 64 }),
    description: Type.Optional(Type.String()),
    if: Type.String({ minLength: 1, description: 'FQL.' }),
    actions: Type.Array(Free),
    enabled: Type.Boolean(),
  },
  'A filter, known by its title.',
);

const SubscriptionItem = closed(
  {
    name: Name,
    action: Type.String({ description: 'Slug of an action of the kind.' }),
    trigger: Type.String({ minLength: 1, description: 'FQL.' }),
    enabled: Type.Boolean(),
    settings: Free,
  },
  'When what is sent, known by its name.',
);

const DeliveryLimits = closed(
  {
    requestsPerSecond: Type.Optional(
      Type.Unsafe<number | null>({ type: ['number', 'null'], minimum: 0.01 }),
    ),
    concurrency: Type.Optional(
      Type.Unsafe<number | null>({ type: ['integer', 'null'], minimum: 1 }),
    ),
  },
  'Attempts a second, and at once; null is no limit.',
);

const DestinationItem = closed(
  {
    source: Slug,
    name: Name,
    kind: Type.Optional(KindSlug),
    function: FunctionName,
    enabled: Flag,
    settings: Type.Optional(Settings),
    filters: Type.Optional(Type.Array(FilterItem)),
    subscriptions: Type.Optional(Type.Array(SubscriptionItem)),
    limits: Type.Optional(DeliveryLimits),
  },
  'A destination, known by its source and its name.',
);

const WarehouseItem = closed(
  {
    name: Name,
    kind: KindSlug,
    enabled: Flag,
    settings: Type.Optional(Settings),
    schedule: Type.Optional(
      closed(
        {
          strategy: Type.Enum(['CRON', 'DEFAULT', 'MANUAL', 'PERIODIC', 'SPECIFIC_DAYS']),
          config: Type.Optional(Free),
        },
        'When it is loaded, in the words of `PUT /warehouses/{id}/sync-schedule`.',
      ),
    ),
    sources: Type.Optional(Type.Array(Slug)),
  },
  'A warehouse, known by its name.',
);

const TrackingPlanItem = closed(
  {
    name: Name,
    type: Type.Optional(Type.String({ description: 'LIVE, where nothing is said.' })),
    description: Type.Optional(Type.String()),
    rules: Type.Optional(
      Type.Array(
        closed(
          {
            type: Type.Enum(['COMMON', 'GROUP', 'IDENTIFY', 'PAGE', 'SCREEN', 'TRACK']),
            key: Type.Optional(Type.String()),
            version: Type.Integer({ minimum: 0 }),
            jsonSchema: Free,
          },
          'A rule: the JSON schema of what it is about.',
        ),
      ),
    ),
    sources: Type.Optional(Type.Array(Slug)),
  },
  'A tracking plan, known by its name.',
);

const TransformationItem = Type.Object(
  {
    source: Slug,
    name: Name,
    destinationKind: Type.Optional(KindSlug),
    destinationFunction: FunctionName,
    enabled: Flag,
    if: Type.String({ minLength: 1, description: 'FQL.' }),
  },
  {
    description:
      'A transformation, known by its source and its name; what it does is in the words of the Public API.',
  },
);

const Bound = Type.Optional(Type.Union([Type.Number({ minimum: 0 }), Type.Null()]));

const AlertItem = closed(
  {
    name: Name,
    metric: Type.Enum(['SUCCESS_RATE', 'LAG_SECONDS', 'VOLUME']),
    source: Type.Optional(Slug),
    destination: Type.Optional(Type.String({ description: 'Slug of its source, /, its name.' })),
    below: Bound,
    above: Bound,
    windowMinutes: Type.Optional(Type.Integer({ minimum: 1 })),
    webhookUrl: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description: 'A masked one (•) leaves what is stored.',
      }),
    ),
    enabled: Flag,
  },
  'An alert, known by its name: of a source the volume, of a destination the others.',
);

const list = <Item extends Type.TSchema>(item: Item) => Type.Optional(Type.Array(item));

/** What one file may hold; several files together are one configuration. */
export const ConfigurationDocument = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    labels: list(LabelItem),
    functions: list(FunctionItem),
    sources: list(SourceItem),
    warehouses: list(WarehouseItem),
    trackingPlans: list(TrackingPlanItem),
    destinations: list(DestinationItem),
    insertFunctions: list(InsertFunctionItem),
    transformations: list(TransformationItem),
    alerts: list(AlertItem),
  },
  {
    additionalProperties: false,
    title: 'Tributary configuration',
    description: 'For `tributary apply`; `tributary export` writes it.',
  },
);
export type ConfigurationDocument = Static<typeof ConfigurationDocument>;

/** The file that export puts beside the others, for editors. */
export const schemaFile = 'tributary.schema.json';

/** The JSON schema as it is written: draft 2020-12. */
export function schemaText(): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...ConfigurationDocument,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
