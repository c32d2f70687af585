import type { MappingHook } from './actions-destination.ts';
import type { JsonObject } from './json.ts';

/** A destination with its opened settings, defaults filled in. */
export interface Probed {
  /** Id of the connection. */
  readonly id: string;
  /** Slug of its kind. */
  readonly slug: string;
  readonly settings: JsonObject;
}

/** `unknown`: the code of the destination has no test. `message` is for its owner. */
export type ConnectionTest =
  | { readonly state: 'CONNECTED' | 'UNKNOWN' }
  | { readonly state: 'FAILED'; readonly message: string };

/** What a vendor offers for a field of a mapping. */
export interface FieldChoices {
  readonly choices: readonly { readonly label: string; readonly value: string }[];
  /** Asks for the choices that follow. */
  readonly nextPage?: string;
  /** Why there are none. */
  readonly error?: string;
}

/** What is done at the vendor when a subscription is saved: one of the hooks of its action. */
export interface HookCall {
  /** Slug of the action. */
  readonly action: string;
  readonly hook: MappingHook;
  readonly inputs: JsonObject;
  /** Of an earlier run, which the vendor may be asked to change. */
  readonly outputs?: JsonObject;
  readonly mapping: JsonObject;
}

/** `outputs` is what later deliveries are given. `unsupported`: the action has no such hook. `message` is for the user. */
export type HookAnswer =
  | { readonly state: 'done'; readonly outputs: JsonObject }
  | { readonly state: 'unsupported' }
  | { readonly state: 'failed'; readonly message: string };

/** An audience of a space, as the code of a destination is told of it. */
export interface ProbedAudience {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly spaceId: string;
  /** Of its connection to the destination: the kind's `audience.fields`. */
  readonly settings: JsonObject;
  /** What it is at the vendor. Absent: it is not there yet, and is made. */
  readonly externalId?: string;
}

/** `unsupported`: the code of the destination makes no audiences, or looks none up. */
export type AudienceAnswer =
  | { readonly state: 'ready'; readonly externalId: string }
  | { readonly state: 'unsupported' }
  | { readonly state: 'failed'; readonly message: string };

/** Asks the code of a destination, and its vendor, on its owner's behalf. Never rejects for what the far end did, and ends by itself. */
export interface DestinationProbe {
  /** Whether the settings let it sign in. */
  test(destination: Probed): Promise<ConnectionTest>;
  /** What is wrong with the trigger of a subscription of a kind of destination, by its slug; undefined when nothing is. */
  triggerProblem(slug: string, trigger: string): Promise<string | undefined>;
  /** Runs a hook of an action. Not repeatable without harm: each run may make something at the vendor. */
  runHook?(destination: Probed, call: HookCall): Promise<HookAnswer>;
  /** Makes the audience at the vendor (`createAudience`), or looks it up where it has an `externalId` (`getAudience`). */
  audience?(destination: Probed, audience: ProbedAudience): Promise<AudienceAnswer>;
  /** The choices of one dynamic field, by its key, of an action; `mapping` is what is chosen so far. A key `<hook>.<input>` is an input of a hook. */
  choices(
    destination: Probed,
    field: { readonly action: string; readonly key: string; readonly page?: string },
    mapping: JsonObject,
  ): Promise<FieldChoices>;
}
