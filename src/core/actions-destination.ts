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
}

/** A kind of destination whose actions are many and lie in a file: they are read when somebody asks for them. */
export interface ActionsDestination extends DestinationKind {
  /** Reads them from the file, each time anew. */
  readActions(): ActionsAndPresets;
}

export function isActionsDestination(kind: DestinationKind): kind is ActionsDestination {
  return 'readActions' in kind;
}
