import type { RegulationType, SubjectType } from '../../privacy/regulation-types.ts';

/** Types of regulations as this API writes them (spec config-api §2, GDPR regulations). */
const typeWords: Readonly<Record<RegulationType, string>> = {
  DELETE_ARCHIVE_ONLY: 'Delete_Archive_Only',
  DELETE_INTERNAL: 'Delete_Internal',
  DELETE_ONLY: 'Delete',
  SUPPRESS_ONLY: 'Suppress',
  SUPPRESS_WITH_DELETE: 'Suppress_With_Delete',
  SUPPRESS_WITH_DELETE_INTERNAL: 'Suppress_With_Delete_Internal',
  UNSUPPRESS: 'Unsuppress',
};

const subjectWords: Readonly<Record<SubjectType, string>> = {
  USER_ID: 'userId',
  ANONYMOUS_ID: 'anonymousId',
  OBJECT_ID: 'objectId',
};

export function typeWord(type: string): string {
  return find(typeWords, (known) => known === type)?.[1] ?? type;
}

export function subjectWord(type: string): string {
  return find(subjectWords, (known) => known === type)?.[1] ?? type;
}

/** The type that a word means, whatever its case; also by its name in the Public API. */
export function typeOfWord(word: string): RegulationType | undefined {
  const wanted = word.toUpperCase() === 'SUPPRESS_AND_DELETE' ? 'SUPPRESS_WITH_DELETE' : word;
  return find(typeWords, (type, known) => isSame(type, wanted) || isSame(known, wanted))?.[0];
}

export function subjectOfWord(word: string): SubjectType | undefined {
  return find(subjectWords, (type, known) => isSame(type, word) || isSame(known, word))?.[0];
}

export const typeChoices = Object.values(typeWords).join(', ');

function find<Type extends string>(
  words: Readonly<Record<Type, string>>,
  fits: (type: Type, word: string) => boolean,
): [Type, string] | undefined {
  for (const type in words) if (fits(type, words[type])) return [type, words[type]];
  return undefined;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
