import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActionsAndPresets, ActionsDestination } from '../../core/actions-destination.ts';
import type { DestinationKind } from '../../core/destination.ts';
import { partnerCredentials } from './partner-credentials.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'vendor', 'action-destinations');

/** An entry of `vendor/action-destinations/catalog.json`: the kind, and the file that has its actions. */
export interface LibraryEntry extends DestinationKind {
  /** In the same folder, without `.json`; also its folder in the package. */
  readonly directory: string;
}

/**
 * The kinds of destinations of Segment's `@segment/action-destinations`, from files made of the package
 * (docs/decisions/destination-catalog.md): the package itself is not loaded, and the actions of a kind are read
 * when they are asked for. `given`: the variables of `partnerCredentials` that the environment has. Whoever has credentials of
 * their own is in nobody's way.
 */
export async function readLibraryDestinations(
  given: readonly string[] = [],
): Promise<ActionsDestination[]> {
  return (await readLibraryEntries()).map(({ directory, obstacle, ...kind }) => ({
    ...kind,
    ...(obstacle !== undefined && !isGiven(directory, given) && { obstacle }),
    readActions: () => parseActions(readFileSync(join(folder, `${directory}.json`), 'utf8')),
  }));
}

export async function readLibraryEntries(): Promise<LibraryEntry[]> {
  return parseEntries(await readFile(join(folder, 'catalog.json'), 'utf8'));
}

function isGiven(directory: string, given: readonly string[]): boolean {
  return partnerCredentials[directory]?.some((name) => given.includes(name)) === true;
}

function parseEntries(text: string): LibraryEntry[] {
  const entries = JSON.parse(text);
  assert(Array.isArray(entries), 'vendor/action-destinations is whole');
  return entries as LibraryEntry[];
}

function parseActions(text: string): ActionsAndPresets {
  return JSON.parse(text) as ActionsAndPresets;
}
