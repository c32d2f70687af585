/** Those that hand what they have to a service inside Segment's own cloud, by their folder in the package. */
export const insideSegment: ReadonlySet<string> = new Set([
  'liveramp-audiences',
  'the-trade-desk-crm',
  'segment-profiles',
]);
