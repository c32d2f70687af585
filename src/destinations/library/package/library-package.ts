import assert from 'node:assert/strict';
import { createRequire, Module } from 'node:module';
import type { Event } from '../../../core/event.ts';
import type { JsonObject } from '../../../core/json.ts';
import { fetchModule } from '../fetch/library-fetch.ts';
import { knownMappings, type MappingKit } from '../mapping/known-mappings.ts';

/** A trigger that was parsed once. */
export type Trigger = (event: Event) => boolean;

/** What of an action of the package is looked at here. */
export interface PackageAction {
  readonly performBatch?: unknown;
  readonly fields?: JsonObject;
  readonly hooks?: Readonly<Record<string, PackageHook | undefined>>;
}

interface PackageHook {
  /** `dynamic` is a function that answers with choices. */
  readonly inputFields?: Readonly<Record<string, { readonly dynamic?: unknown } | undefined>>;
}

interface PackageDefinition {
  readonly name: string;
  readonly slug?: string;
  readonly actions: Readonly<Record<string, PackageAction>>;
  readonly authentication?: {
    readonly scheme?: string;
    readonly refreshAccessToken?: unknown;
    readonly testAuthentication?: unknown;
  };
  readonly onDelete?: unknown;
  readonly audienceConfig?: { readonly createAudience?: unknown; readonly getAudience?: unknown };
}

/** What one call of an action is given. */
export interface ActionInput {
  readonly mapping: JsonObject;
  readonly settings: JsonObject;
  readonly auth: Tokens;
  readonly features: JsonObject;
  readonly statsContext: object;
  readonly subscriptionMetadata: object;
}

/** OAuth 2, as definitions take it. */
export interface Tokens {
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly refreshTokenUrl?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

/** What became of one event of a batch. */
export interface BatchAnswer {
  readonly status?: number;
  readonly errormessage?: string;
  readonly errortype?: string;
}

/** A destination of the package, made for one connection: the part of its class that is used here. */
export interface PackageDestination {
  readonly definition: PackageDefinition;
  readonly responses: unknown[];
  readonly actions: Readonly<
    Record<string, { executeHook(hook: string, data: object): Promise<unknown> } | undefined>
  >;
  validateSettings(settings: JsonObject): void;
  executeAction(action: string, input: ActionInput & { event: JsonObject }): Promise<unknown>;
  executeBatch(
    action: string,
    input: ActionInput & { events: readonly JsonObject[] },
  ): Promise<readonly (BatchAnswer | undefined)[]>;
  /** `dynamic`: of an input of a hook, in place of the action's own. */
  executeDynamicField(
    action: string,
    field: string,
    data: object,
    dynamic?: unknown,
  ): Promise<unknown>;
  /** Both there for definitions that have them; else they throw. */
  createAudience(input: object): Promise<unknown>;
  getAudience(input: object): Promise<unknown>;
  refreshAccessToken(settings: JsonObject, tokens: Tokens): Promise<Tokens | undefined>;
  testAuthentication(settings: JsonObject): Promise<void>;
  /** There where the definition has one. */
  onDelete?(event: JsonObject, settings: JsonObject): Promise<unknown>;
}

interface Core {
  transform(mapping: JsonObject, event: object): JsonObject;
  readonly Destination: new (definition: object) => PackageDestination;
}

/** A parsed trigger, as far as it is looked at. */
export interface TriggerNode {
  readonly error?: object;
  readonly value?: unknown;
  readonly children?: readonly TriggerNode[];
}

interface Subscriptions {
  parseFql(text: string): TriggerNode;
  validate(parsed: object, event: object): boolean;
}

const packageName = '@segment/action-destinations';
const require = createRequire(import.meta.url);
let packageRequire: NodeJS.Require | undefined;

/**
 * Looks things up as the package does. The first call puts our `fetch` where its own would be loaded, and mappings that are read once
 * in place of its own.
 */
function fromPackage(): NodeJS.Require {
  if (packageRequire !== undefined) return packageRequire;
  const resolved = createRequire(require.resolve(packageName));
  const core = createRequire(resolved.resolve('@segment/actions-core'));
  const path = core.resolve('cross-fetch');
  assert(require.cache[path] === undefined, 'nobody has loaded cross-fetch before');
  const replaced = new Module(path);
  Object.assign(replaced, { exports: fetchModule, filename: path, loaded: true });
  require.cache[path] = replaced;
  const kit: MappingKit = core('./mapping-kit/index.js');
  Object.assign(kit, knownMappings({ ...kit }));
  packageRequire = resolved;
  return resolved;
}

/** Reads and runs the code of one destination, some 100 ms for the first and a few for each other, and stays in memory. */
export function loadDestination(directory: string): PackageDestination {
  const load = fromPackage();
  const { Destination }: Core = load('@segment/actions-core');
  const { default: definition }: { default: PackageDefinition } = load(
    `${packageName}/dist/destinations/${directory}`,
  );
  // The name serves as the key of a schema, which takes it for an address: spaces in it fail with fast-uri 3.1.6 and later.
  const made = new Destination({ ...definition, name: `d-${definition.slug}` });
  // It would keep every answer.
  made.responses.push = () => 0;
  return made;
}

/** What the mapping makes of an event. */
export function transform(mapping: JsonObject, event: object): JsonObject {
  const core: Core = fromPackage()('@segment/actions-core');
  return core.transform(mapping, event);
}

export function parseTriggerTree(text: string): TriggerNode {
  const { parseFql }: Subscriptions = fromPackage()('@segment/destination-subscriptions');
  return parseFql(text);
}

/** The trigger in the library's own dialect of FQL. Undefined: it cannot be parsed, and takes no event. */
export function parseTrigger(text: string): Trigger | undefined {
  const { parseFql, validate }: Subscriptions = fromPackage()('@segment/destination-subscriptions');
  const parsed = parseFql(text);
  if (text.trim() === '' || parsed.error !== undefined) return undefined;
  return (event) => validate(parsed, event);
}
