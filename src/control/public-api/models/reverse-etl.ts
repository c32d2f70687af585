import type { ModelRow } from '../../reverse-etl/find-model.ts';
import type { ModelSyncRow } from '../../reverse-etl/syncs.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { humanDuration } from '../frame/human-duration.ts';
import { isoTime } from '../frame/iso-time.ts';

export const ReverseEtlModel = Type.Object({
  id: Type.String(),
  sourceId: Type.String(),
  name: Type.String(),
  description: Type.String(),
  enabled: Type.Boolean(),
  query: Type.String(),
  queryIdentifierColumn: Type.String(),
});

export function presentModel(row: ModelRow): Static<typeof ReverseEtlModel> {
  return {
    id: row.id,
    sourceId: row.source_id,
    name: row.name,
    description: row.description,
    enabled: row.enabled === 1,
    query: row.query,
    queryIdentifierColumn: row.identifier_column,
  };
}

const phase = {
  errorCode: Type.String(),
  startedAt: Type.String(),
  finishedAt: Type.String(),
};

export const ReverseEtlSync = Type.Object({
  syncId: Type.String(),
  modelId: Type.String(),
  sourceId: Type.String(),
  syncStatus: Type.String(),
  duration: Type.String(),
  startedAt: Type.String(),
  finishedAt: Type.Optional(Type.String()),
  extractPhase: Type.Optional(
    Type.Object({
      addedCount: Type.String(),
      updatedCount: Type.String(),
      deletedCount: Type.String(),
      extractCount: Type.String(),
      ...phase,
    }),
  ),
  loadPhase: Type.Optional(
    Type.Object({
      deliverSuccessCount: Type.String(),
      deliverFailureCount: Type.String(),
      ...phase,
    }),
  ),
  error: Type.Optional(Type.String()),
  errorCode: Type.Optional(Type.String()),
});

/** A sync as the API shows it; `now` ends one that still runs. */
export function presentModelSync(
  row: ModelSyncRow,
  model: ModelRow,
  now: number,
): Static<typeof ReverseEtlSync> {
  const started = Number(row.started_at);
  const finished = row.finished_at === null ? undefined : Number(row.finished_at);
  return {
    syncId: row.id,
    modelId: row.model_id,
    sourceId: model.source_id,
    syncStatus: row.status,
    duration: humanDuration(Math.max(0, (finished ?? now) - started)),
    startedAt: isoTime(started),
    ...(finished !== undefined && { finishedAt: isoTime(finished) }),
    ...(row.extract_phase !== null && { extractPhase: JSON.parse(row.extract_phase) }),
    ...(row.load_phase !== null && { loadPhase: JSON.parse(row.load_phase) }),
    ...(row.error !== null && { error: row.error }),
    ...(row.error_code !== null && { errorCode: row.error_code }),
  };
}
