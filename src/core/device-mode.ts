import type { DestinationKind } from './destination.ts';
import type { JsonObject } from './json.ts';

/** A script that pages load from us. */
export interface DeviceScript {
  /** Below `/next-integrations/actions/`: the folder and the file, whose name is a hash of its content. */
  readonly path: string;
  /** Subresource Integrity of the script: `sha384-…`. */
  readonly integrity: string;
}

/** The script that makes analytics.js deliver to one kind of destination from the page. */
export interface DeviceBundle extends DeviceScript {
  /** The global variable under which the script leaves its plugin factory. */
  readonly libraryName: string;
}

/** When a destination's action runs, and with what; as analytics.js' remote plugins take it. */
export interface DeviceSubscription {
  readonly name: string;
  readonly enabled: boolean;
  /** Key of the action. */
  readonly partnerAction: string;
  /** Which events: an expression like `type = "track"`. */
  readonly subscribe: string;
  /** Where the action's fields come from, as Segment's mapping kit reads it. */
  readonly mapping: JsonObject;
}

/** Something a destination in the browser can do. */
export interface DeviceAction {
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly hidden: boolean;
  /** The expression that a new subscription starts with. */
  readonly defaultSubscription?: string;
  /** By key: `label`, `description`, `type`, `required`, `default`, … */
  readonly fields: JsonObject;
}

/** A kind of destination whose code runs in the page: analytics.js loads it from us, and it calls the vendor itself. */
export interface DeviceDestination extends DestinationKind {
  readonly bundle: DeviceBundle;
  /** What the bundle loads itself, unless the page already has. */
  readonly chunks: readonly DeviceScript[];
  readonly actions: readonly DeviceAction[];
  /** Subscriptions that a new destination of this kind begins with. */
  readonly presets: readonly DeviceSubscription[];
}

export function isDeviceDestination(kind: DestinationKind): kind is DeviceDestination {
  return 'bundle' in kind;
}
