/** As Segment lays its files out (spec tracking-api §14.5). */
export const eventPrefix = 'segment-logs/';
/** Ours: objects of the Objects API are no events, and are read by other tools. */
export const objectPrefix = 'segment-objects/';

const ofObjects = 'objects/';

/** What the manifest calls the objects of a source: they have files of their own, beside those of its events. */
export function objectsOf(source: string): string {
  return `${ofObjects}${source}`;
}

/** Whether a name of the manifest is that of objects, and whose. */
export function readArchivedSource(name: string): {
  readonly source: string;
  readonly isObjects: boolean;
} {
  const isObjects = name.startsWith(ofObjects);
  return { source: isObjects ? name.slice(ofObjects.length) : name, isObjects };
}

/** Under which keys the files of a name of the manifest are. */
export function folderOf(name: string): string {
  const { source, isObjects } = readArchivedSource(name);
  return `${isObjects ? objectPrefix : eventPrefix}${source}/`;
}
