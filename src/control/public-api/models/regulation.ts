import { regulationStatuses, sourceRegulationTypes } from '../../privacy/regulation-types.ts';
import { Type } from '../../schemas/type.ts';
import { Id, oneOf } from '../frame/schema.ts';

/** At most 5,000 in one request (spec public-api §6). */
export const SubjectIds = Type.Array(Id, { minItems: 1, maxItems: 5_000 });

/** A regulation as lists show it. */
export const RegulationEntry = Type.Object({
  id: Type.String(),
  subjectType: Type.String(),
  subjects: Type.Array(Type.String()),
  status: oneOf(regulationStatuses),
  createdAt: Type.String(),
  regulationType: oneOf(sourceRegulationTypes),
  finishedAt: Type.Optional(Type.String()),
});

/** One regulation, with what became of it at each destination. */
export const Regulation = Type.Object({
  id: Type.String(),
  workspaceId: Type.String(),
  overallStatus: oneOf(regulationStatuses),
  finishedAt: Type.Optional(Type.String()),
  createdAt: Type.String(),
  streamStatus: Type.Array(
    Type.Object({
      /** Of the source. */
      id: Type.String(),
      destinationStatus: Type.Array(
        Type.Object({
          name: Type.String(),
          id: Type.String(),
          status: oneOf(regulationStatuses),
          errString: Type.String(),
          /** '' until then. */
          finishedAt: Type.String(),
        }),
      ),
    }),
  ),
});
