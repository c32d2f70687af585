import type { TLocalizedValidationError } from 'typebox/error';
import type { InputProblem } from '../../input-failure.ts';

/** One finding of the JSON schema validator. */
export interface SchemaProblem {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export function isSchemaProblems(value: unknown): value is readonly SchemaProblem[] {
  return Array.isArray(value) && value.every((item) => 'keyword' in item && 'instancePath' in item);
}

/** One problem for each field, in the words Segment's API uses (spec public-api §3). */
export function describeProblems(problems: readonly SchemaProblem[]): readonly InputProblem[] {
  const byField = new Map<string, string>();
  for (const problem of problems) {
    const field = fieldOf(problem);
    if (byField.has(field)) continue;
    byField.set(field, `"${field === '' ? 'value' : field}" ${describe(problem)}`);
  }
  return [...byField].map(([field, message]) => ({ field, message }));
}

/** typebox tells missing keys as a list, and of an unknown one also its parent: the rest is as ajv has it. */
export function oneForEachField(problem: TLocalizedValidationError): SchemaProblem[] {
  const { keyword, instancePath, params } = problem;
  if (keyword === 'additionalProperties') return [];
  if (keyword !== 'required') return [{ keyword, instancePath, params: { ...params } }];
  return params.requiredProperties.map((missingProperty) => ({
    keyword,
    instancePath,
    params: { missingProperty },
  }));
}

function fieldOf({ keyword, instancePath, params }: SchemaProblem): string {
  const parts = instancePath.split('/').slice(1).map(unescapePointer);
  if (keyword === 'required') parts.push(String(params['missingProperty']));
  if (keyword === 'additionalProperties') parts.push(String(params['additionalProperty']));
  return parts.join('.');
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function describe({ keyword, params }: SchemaProblem): string {
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'type':
      return describeType(params['type']);
    case 'enum':
      return `must be one of [${listOf(params['allowedValues'])}]`;
    case 'minLength':
      return params['limit'] === 1
        ? 'is not allowed to be empty'
        : `length must be at least ${params['limit']} characters long`;
    case 'maxLength':
      return `length must be less than or equal to ${params['limit']} characters long`;
    case 'minimum':
      return `must be greater than or equal to ${params['limit']}`;
    case 'maximum':
      return `must be less than or equal to ${params['limit']}`;
    case 'maxItems':
      return `must contain less than or equal to ${params['limit']} items`;
    case 'minItems':
      return `must contain at least ${params['limit']} items`;
    // Of a key that is none.
    case 'boolean':
    case 'additionalProperties':
      return 'is not allowed';
    case 'pattern':
      return `fails to match the required pattern: /${params['pattern']}/`;
    default:
      return 'is not valid';
  }
}

function listOf(values: unknown): string {
  return Array.isArray(values) ? values.join(', ') : String(values);
}

function describeType(type: unknown): string {
  const first = Array.isArray(type) ? type[0] : type;
  switch (first) {
    case 'object':
      return 'must be of type object';
    case 'array':
      return 'must be an array';
    case 'integer':
      return 'must be an integer';
    default:
      return `must be a ${first}`;
  }
}
