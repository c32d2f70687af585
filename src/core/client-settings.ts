import type { JsonObject } from './json.ts';

/**
 * What a source tells analytics.js and the mobile SDKs beyond the defaults, by the names it has in the settings
 * document (spec tracking-api §2.5). The control plane has checked every part; an absent one is the default.
 */
export interface ClientSettings {
  /**
   * Which events the SDK gives to destinations in the browser, and the server to all: what is off is a discard here. A
   * trait of `identify` or `group` that is off is taken away.
   */
  readonly plan?: {
    readonly track?: JsonObject;
    readonly identify?: JsonObject;
    readonly group?: JsonObject;
  };
  /** `routingRules`: filters of destinations in the browser, their conditions compiled to tsub's intermediate form. */
  readonly middlewareSettings?: JsonObject;
  /** Source middleware the SDK loads by name from `/next-integrations/middleware`. */
  readonly enabledMiddleware?: JsonObject;
  /** Plugins the SDK loads besides those of connected destinations. */
  readonly remotePlugins?: readonly JsonObject[];
  /** Names that are listed as delivered by the server, besides those of connected destinations. */
  readonly unbundledIntegrations?: readonly string[];
  /** What is said instead of, or in `allCategories` besides, what the destinations' own categories say. */
  readonly consentSettings?: {
    readonly allCategories?: readonly string[];
    readonly hasUnmappedDestinations?: boolean;
  };
  /** How the SDK repeats failed requests; it outdoes what the page says. */
  readonly httpConfig?: JsonObject;
  /** `strategy` `standard` or `batching`, and its `config`; what the page says outdoes it. */
  readonly deliveryStrategy?: JsonObject;
  /** What the SDK reports of itself to `/v1/m`: nothing, unless `sampleRate` says so. */
  readonly metrics?: JsonObject;
  readonly retryQueue?: boolean;
  readonly legacyVideoPluginsEnabled?: boolean;
  readonly edgeFunction?: JsonObject;
  readonly autoInstrumentationSettings?: JsonObject;
}
