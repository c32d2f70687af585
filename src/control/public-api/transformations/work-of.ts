import type { TransformationWork } from '../../../core/transformations/transformation-config.ts';
import type { Static } from '../../schemas/type.ts';
import { workKeys } from '../../transformations/work-keys.ts';
import type { Work } from '../models/transformation.ts';

/** What a body says of the work, without what else is in it. */
export function workOf(body: Static<typeof Work>): TransformationWork {
  const given = workKeys.flatMap((key) => (body[key] === undefined ? [] : [[key, body[key]]]));
  return Object.fromEntries(given);
}
