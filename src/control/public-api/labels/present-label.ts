import type { LabelRow } from '../../labels/find-label.ts';
import type { Static } from '../../schemas/type.ts';
import type { Label } from '../models/label.ts';

export function presentLabel({ key, value, description }: LabelRow): Static<typeof Label> {
  return { key, value, ...(description !== null && { description }) };
}
