import { isJsonObject, type Json } from '../../../core/json.ts';
import { InputFailure, type InputProblem } from '../../input-failure.ts';
import type { DeclaredSetting } from '../declared-settings.ts';

const wanted = {
  STRING: 'must be a string',
  BOOLEAN: 'must be a boolean',
  ARRAY: 'must be an array of strings',
  TEXT_MAP: 'must be an object of strings',
} as const;

/** Throws `input_validation` where a setting, in clear, has the wrong type, or is required and has no value: each with its field. */
export function refuseUnfit(
  declared: readonly DeclaredSetting[],
  read: (name: string) => Json | undefined,
): void {
  const problems = declared.flatMap((setting): InputProblem[] => {
    const problem = problemOf(setting, read(setting.name));
    const field = `settings.${setting.name}`;
    return problem === undefined ? [] : [{ field, message: `"${field}" ${problem}` }];
  });
  if (problems.length > 0) throw new InputFailure(problems);
}

function problemOf(
  { type, required }: DeclaredSetting,
  value: Json | undefined,
): string | undefined {
  if (value === undefined || value === null) return required ? 'is required' : undefined;
  if (!fits(type, value)) return wanted[type];
  return required && isEmpty(value) ? 'is required' : undefined;
}

function fits(type: DeclaredSetting['type'], value: Json): boolean {
  const isText = (item: unknown) => typeof item === 'string';
  switch (type) {
    case 'STRING':
      return isText(value);
    case 'BOOLEAN':
      return typeof value === 'boolean';
    case 'ARRAY':
      return Array.isArray(value) && value.every(isText);
    case 'TEXT_MAP':
      return isJsonObject(value) && Object.values(value).every(isText);
  }
}

/** Segment saves no required setting without a value. */
function isEmpty(value: Json): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}
