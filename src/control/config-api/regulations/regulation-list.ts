import type { ReadContext } from '../../context.ts';
import { InputFailure } from '../../input-failure.ts';
import { regulationPage } from '../../privacy/regulation-page.ts';
import { regulationStatuses } from '../../privacy/regulation-types.ts';
import { oneOf } from '../../public-api/frame/schema.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { configPage, pageOutput, pageQuery, pageToken } from '../frame/page.ts';
import { configRegulations, RegulationEntry } from './regulation.ts';
import { typeChoices, typeOfWord } from './regulation-words.ts';

export const RegulationQuery = Type.Object({
  status: Type.Optional(oneOf(regulationStatuses)),
  regulation_types: Type.Optional(Type.Array(Type.String())),
  ...pageQuery,
});

export const RegulationList = Type.Object({
  regulations: Type.Array(RegulationEntry),
  ...pageOutput,
});

/** The regulations of the workspace, or of one source, oldest first. */
export async function listRegulationsOf(
  context: ReadContext,
  sourceId: string | undefined,
  query: Static<typeof RegulationQuery>,
): Promise<Static<typeof RegulationList>> {
  const { status, regulation_types } = query;
  const { rows, pagination } = await regulationPage(context.db, configPage(query), {
    ...(sourceId !== undefined && { sourceId }),
    ...(status !== undefined && { status }),
    ...(regulation_types !== undefined && { types: regulation_types.map(wanted) }),
  });
  return { regulations: await configRegulations(context, rows), ...pageToken(pagination) };
}

function wanted(word: string): string {
  const type = typeOfWord(word);
  if (type !== undefined) return type;
  const message = `"regulation_types" must be of [${typeChoices}]`;
  throw new InputFailure([{ field: 'regulation_types', message }]);
}
