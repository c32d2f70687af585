/** What a transformation does with the events it matches (spec public-api §6), in the order in which it does it. */
export interface TransformationWork {
  /** True: the event goes; nothing else is done. */
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
  readonly hashPropertiesConfiguration?: HashConfig;
}

export interface HashConfig {
  readonly algorithm: string;
  /** Sealed where it is stored and in a snapshot on disk, masked where it is shown; with it the hash is an HMAC. */
  readonly key?: string;
  /** Absent: `HEX`. */
  readonly encoding?: 'BASE16' | 'BASE64' | 'BASE64URL' | 'HEX';
  readonly paths: readonly string[];
}

/** A transformation as the data plane knows it; only those that are on. */
export interface TransformationConfig {
  readonly id: string;
  /** FQL, or `all`. */
  readonly if: string;
  readonly work: TransformationWork;
}
