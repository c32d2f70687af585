/** What a transformation does with the events it matches (spec public-api §6). */
export interface TransformationWork {
  /** True: nothing else is done. */
  readonly drop?: boolean;
  /** Of track calls. */
  readonly newEventName?: string;
  readonly propertyRenames?: readonly { readonly oldName: string; readonly newName: string }[];
  readonly propertyValueTransformations?: readonly {
    readonly propertyPaths: readonly string[];
    readonly propertyValue: string;
  }[];
  readonly fqlDefinedProperties?: readonly {
    readonly fql: string;
    readonly propertyName: string;
  }[];
  readonly allowProperties?: readonly string[];
  readonly hashPropertiesConfiguration?: {
    readonly algorithm: string;
    /** Sealed where it is stored, masked where it is shown. */
    readonly key?: string;
    readonly encoding?: 'BASE16' | 'BASE64' | 'BASE64URL' | 'HEX';
    readonly paths: readonly string[];
  };
}

/** The keys of `TransformationWork`, in the order of Segment's documents. */
export const workKeys = [
  'drop',
  'newEventName',
  'propertyRenames',
  'propertyValueTransformations',
  'fqlDefinedProperties',
  'allowProperties',
  'hashPropertiesConfiguration',
] as const;
