import type { DestinationKind } from './destination.ts';
import type { Json, JsonObject } from './json.ts';

/** One field of an action's mapping, as the catalogue shows it. */
export interface ActionField {
  readonly id: string;
  readonly sortOrder: number;
  readonly fieldKey: string;
  readonly label: string;
  readonly type:
    | 'BOOLEAN'
    | 'DATETIME'
    | 'HIDDEN'
    | 'INTEGER'
    | 'NUMBER'
    | 'OBJECT'
    | 'PASSWORD'
    | 'STRING'
    | 'TEXT';
  readonly description: string;
  readonly placeholder?: string;
  /** A value, or a directive of the mapping kit such as `{"@path": "$.userId"}`. */
  readonly defaultValue?: Json;
  readonly required: boolean;
  readonly multiple: boolean;
  readonly choices?: Json;
  /** Its choices come from the vendor. */
  readonly dynamic: boolean;
  readonly allowNull: boolean;
  readonly hidden?: boolean;
}

/** What a hook, or an audience, takes or gives. */
export interface HookField {
  readonly key: string;
  readonly label: string;
  /** As the library has it: `string`, `boolean`, `number`, … */
  readonly type: string;
  readonly description: string;
  readonly required: boolean;
  readonly multiple: boolean;
  /** Its choices come from the vendor. */
  readonly dynamic: boolean;
  readonly choices?: Json;
  readonly defaultValue?: Json;
}

/** By what a subscription's mapping names what is done at the vendor when it is saved. */
export const mappingHooks = ['onMappingSave', 'retlOnMappingSave'] as const;
export type MappingHook = (typeof mappingHooks)[number];

/** What an action does at the vendor when a subscription of it is saved. */
export interface ActionHook {
  readonly type: MappingHook;
  readonly label: string;
  readonly description: string;
  readonly inputFields: HookField[];
  /** What is kept of the vendor's answer. */
  readonly outputFields: HookField[];
}

/** Something that a destination of Segment's library can do with an event. */
export interface DestinationAction {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly platform: 'CLOUD';
  readonly hidden: boolean;
  /** FQL that a new subscription begins with. */
  readonly defaultTrigger: string | null;
  readonly fields: ActionField[];
  /** Absent: it has none. */
  readonly hooks?: ActionHook[];
  /** What a mapping may have as `__segment_internal_sync_mode`. Absent: it asks for none. */
  readonly syncMode?: {
    readonly default: string;
    readonly choices: { readonly label: string; readonly value: string }[];
  };
}

/** Of a kind of destination that takes audiences. */
export interface AudienceKind {
  /** Its code makes the audience at the vendor, once it is connected. */
  readonly creates: boolean;
  /** Settings of each audience that is connected. */
  readonly fields: HookField[];
}

/** A subscription that people usually want. */
export interface DestinationPreset {
  readonly actionId: string;
  readonly name: string;
  /** The mapping. */
  readonly fields: JsonObject;
  readonly trigger: string;
}

export interface ActionsAndPresets {
  readonly actions: DestinationAction[];
  readonly presets: DestinationPreset[];
  /** Absent: it knows nothing of audiences. */
  readonly audience?: AudienceKind;
}

/** A kind of destination whose actions are many and lie in a file: they are read when somebody asks for them. */
export interface ActionsDestination extends DestinationKind {
  /** Reads them from the file, each time anew. */
  readActions(): ActionsAndPresets;
}

export function isActionsDestination(kind: DestinationKind): kind is ActionsDestination {
  return 'readActions' in kind;
}
