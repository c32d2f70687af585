import { Type } from '../../schemas/type.ts';

/** A yes or no; Segment's tutorial writes it as a text. */
export const Flag = Type.Unsafe<boolean | 'true' | 'false'>({
  enum: [true, false, 'true', 'false'],
});

/** False when absent. */
export function isOn(flag: boolean | 'true' | 'false' | undefined): boolean {
  return flag === true || flag === 'true';
}
