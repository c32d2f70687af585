/** The resources that an operation can be declared on, with the area and the type that grants know them by. */
export const resourceKinds = [
  { name: 'source', area: 'source', type: 'SOURCE' },
  { name: 'destination', area: 'source', type: 'SOURCE' },
  { name: 'replay', area: 'source', type: 'SOURCE' },
  { name: 'warehouse', area: 'warehouse', type: 'WAREHOUSE' },
  { name: 'function', area: 'function', type: 'FUNCTION' },
  { name: 'instance', area: 'function', type: 'FUNCTION' },
  { name: 'space', area: 'space', type: 'SPACE' },
  { name: 'spaceFilter', area: 'space', type: 'SPACE' },
] as const;
