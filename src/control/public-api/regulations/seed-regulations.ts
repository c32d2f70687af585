import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { ReadContext } from '../../context.ts';
import { Type } from '../../schemas/type.ts';
import { PaginationOutput } from '../frame/pagination.ts';
import { RegulationEntry } from '../models/regulation.ts';

/** A list of regulations with the names that the summary of the API has for type and status. */
export const seedRegulations = {
  response: Type.Object({
    regulations: Type.Array(
      Type.Object({
        ...RegulationEntry.properties,
        workspaceId: Type.String(),
        overallStatus: Type.String(),
        regulateType: Type.String(),
      }),
    ),
    pagination: PaginationOutput,
  }),
  from: (data: JsonObject, { environment }: ReadContext): JsonObject => {
    const list = Array.isArray(data['regulations']) ? data['regulations'] : [];
    const regulations = list.filter(isJsonObject).map((entry) => ({
      ...entry,
      workspaceId: environment.workspace.id,
      overallStatus: entry['status'] ?? null,
      regulateType: entry['regulationType'] ?? null,
    }));
    return { ...data, regulations };
  },
};
