import { type TSchema, Type } from '../../schemas/type.ts';
import { FreeObject, oneOf } from '../frame/schema.ts';

/** Unknown keys are refused: a misspelt one would do nothing, silently. */
function closed<Properties extends Record<string, TSchema>>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false });
}

const flag = Type.Optional(Type.Boolean());
const count = (maximum: number, minimum = 0) => Type.Optional(Type.Integer({ minimum, maximum }));
const seconds = Type.Optional(Type.Number({ minimum: 0, maximum: 7 * 24 * 60 * 60 }));
const rate = Type.Number({ minimum: 0, maximum: 1 });
const name = Type.String({ minLength: 1, maxLength: 255 });
const url = Type.String({ pattern: '^https?://[^\\s]+$', maxLength: 2048 });
const texts = Type.Record(Type.String(), Type.String());
const switches = Type.Record(Type.String(), Type.Boolean());
const behavior = oneOf(['drop', 'retry']);

/** A category of consent: fewer than 35 characters, and no digit first (spec tracking-api §16). */
export const ConsentCategory = Type.String({ pattern: '^[^\\d\\s].{0,33}$' });

const Switches = Type.Optional(
  Type.Record(Type.String(), closed({ enabled: flag, integrations: Type.Optional(switches) })),
);

const RoutingRule = closed({
  scope: Type.Optional(Type.String()),
  target_type: Type.Optional(Type.String()),
  destinationName: name,
  matchers: Type.Array(
    closed({ type: oneOf(['fql', 'all']), ir: Type.String(), config: Type.Optional(FreeObject) }),
    { minItems: 1, maxItems: 100 },
  ),
  transformers: Type.Array(
    Type.Array(
      closed({
        type: oneOf([
          'drop',
          'sample_event',
          'drop_properties',
          'allow_properties',
          'map_properties',
          'hash_properties',
        ]),
        config: Type.Optional(FreeObject),
      }),
    ),
  ),
});

const RateLimitConfig = closed({
  enabled: flag,
  maxRetryCount: count(1_000),
  maxRetryInterval: seconds,
  maxRateLimitDuration: seconds,
});

const BackoffConfig = closed({
  enabled: flag,
  maxRetryCount: count(1_000),
  baseBackoffInterval: seconds,
  maxBackoffInterval: seconds,
  maxTotalBackoffDuration: seconds,
  jitterPercent: count(100),
  default4xxBehavior: Type.Optional(behavior),
  default5xxBehavior: Type.Optional(behavior),
  statusCodeOverrides: Type.Optional(
    Type.Record(Type.String({ pattern: '^[1-5]\\d\\d$' }), behavior),
  ),
});

const DeliveryConfig = closed({
  size: count(2_500, 1),
  timeout: count(60 * 60 * 1_000),
  maxRetries: count(1_000),
  keepalive: flag,
  credentials: Type.Optional(oneOf(['include', 'same-origin', 'omit'])),
  priority: Type.Optional(oneOf(['high', 'low', 'auto'])),
  headers: Type.Optional(texts),
});

const RemotePlugin = closed({
  name,
  creationName: name,
  url,
  libraryName: name,
  settings: FreeObject,
});

/** `ClientSettings` of the core, with all its rules. */
export const ClientSettingsModel = closed({
  plan: Type.Optional(closed({ track: Switches, identify: Switches, group: Switches })),
  middlewareSettings: Type.Optional(
    closed({ routingRules: Type.Array(RoutingRule, { maxItems: 500 }) }),
  ),
  enabledMiddleware: Type.Optional(switches),
  remotePlugins: Type.Optional(Type.Array(RemotePlugin, { maxItems: 50 })),
  unbundledIntegrations: Type.Optional(Type.Array(name, { maxItems: 500 })),
  consentSettings: Type.Optional(
    closed({
      allCategories: Type.Optional(Type.Array(ConsentCategory, { maxItems: 500 })),
      hasUnmappedDestinations: flag,
    }),
  ),
  httpConfig: Type.Optional(
    closed({
      rateLimitConfig: Type.Optional(RateLimitConfig),
      backoffConfig: Type.Optional(BackoffConfig),
    }),
  ),
  deliveryStrategy: Type.Optional(
    closed({ strategy: oneOf(['standard', 'batching']), config: Type.Optional(DeliveryConfig) }),
  ),
  metrics: Type.Optional(
    closed({
      sampleRate: Type.Optional(rate),
      host: Type.Optional(name),
      protocol: Type.Optional(oneOf(['http', 'https'])),
      flushTimer: count(60 * 60 * 1_000, 1_000),
      maxQueueSize: count(1_000, 1),
    }),
  ),
  retryQueue: flag,
  legacyVideoPluginsEnabled: flag,
  edgeFunction: Type.Optional(closed({ downloadURL: url, version: Type.Integer({ minimum: 0 }) })),
  autoInstrumentationSettings: Type.Optional(closed({ sampleRate: rate })),
});
