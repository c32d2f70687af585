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
