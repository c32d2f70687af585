/** What may be asked for end users (spec public-api §6, Regulations). */
export const regulationTypes = [
  'DELETE_INTERNAL',
  'DELETE_ONLY',
  'SUPPRESS_ONLY',
  'SUPPRESS_WITH_DELETE',
  'SUPPRESS_WITH_DELETE_INTERNAL',
  'UNSUPPRESS',
] as const;

/** And for those of one source. */
export const sourceRegulationTypes = ['DELETE_ARCHIVE_ONLY', ...regulationTypes] as const;
export type RegulationType = (typeof sourceRegulationTypes)[number];

export function isRegulationType(text: string): text is RegulationType {
  return sourceRegulationTypes.some((type) => type === text);
}

export const regulationStatuses = [
  'FAILED',
  'FINISHED',
  'INITIALIZED',
  'INVALID',
  'NOT_SUPPORTED',
  'PARTIAL_SUCCESS',
  'RUNNING',
] as const;
export type RegulationStatus = (typeof regulationStatuses)[number];

export function isRegulationStatus(text: string): text is RegulationStatus {
  return regulationStatuses.some((status) => status === text);
}

export type SubjectType = 'USER_ID' | 'ANONYMOUS_ID' | 'OBJECT_ID';

/** True when events of the users are dropped from then on. */
export function suppresses(type: string): boolean {
  return type.startsWith('SUPPRESS');
}

/** True when what is stored of the users is to go. */
export function deletes(type: string): boolean {
  return type.includes('DELETE');
}

/** Of those by which it is to go at destinations and in warehouses as well; the others are about this server alone. */
export const outsideTypes: readonly RegulationType[] = ['DELETE_ONLY', 'SUPPRESS_WITH_DELETE'];

export function deletesOutside(type: string): boolean {
  return outsideTypes.some((one) => one === type);
}
