import type { WriteContext } from '../../context.ts';
import { InputFailure } from '../../input-failure.ts';
import { makeRegulation } from '../../privacy/make-regulation.ts';
import { SubjectIds } from '../../public-api/models/regulation.ts';
import { auditedRegulation } from '../../public-api/regulations/audited-regulation.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { inConfigWords } from '../frame/in-config-words.ts';
import { subjectOfWord, typeChoices, typeOfWord } from './regulation-words.ts';

export const RegulationInput = Type.Object({
  regulation_type: Type.String(),
  attributes: Type.Object({
    /** `userId`; for one source also `anonymousId`. */
    name: Type.String(),
    /** At most 5,000. */
    values: SubjectIds,
  }),
});

export const RegulateId = Type.Object({ regulate_id: Type.String() });

/** Makes a regulation, of the workspace or of one source. Throws `input_validation`. */
export async function regulate(
  context: WriteContext,
  sourceId: string | null,
  { regulation_type, attributes }: Static<typeof RegulationInput>,
) {
  const type = typeOfWord(regulation_type);
  if (type === undefined || (type === 'DELETE_ARCHIVE_ONLY' && sourceId === null)) {
    throw bad('regulation_type', `must be one of [${typeChoices}]`);
  }
  const subjectType = subjectOfWord(attributes.name);
  const other = sourceId === null ? 'OBJECT_ID' : 'ANONYMOUS_ID';
  if (subjectType !== 'USER_ID' && subjectType !== other) {
    throw bad(
      'attributes.name',
      `must be one of [userId, ${sourceId ? 'anonymousId' : 'objectId'}]`,
    );
  }
  const row = await inConfigWords(
    (field) => field.replace('subjectIds', 'attributes.values'),
    () =>
      makeRegulation(context, {
        scope: sourceId === null ? 'WORKSPACE' : 'SOURCE',
        sourceId,
        type,
        subjectType,
        subjectIds: attributes.values,
      }),
  );
  const { data, audited } = auditedRegulation(row);
  return { data: { regulate_id: data.regulateId }, audited: { ...audited, after: data } };
}

function bad(field: string, text: string): InputFailure {
  return new InputFailure([{ field, message: `"${field}" ${text}` }]);
}
