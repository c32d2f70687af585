import { compileFql } from '../../core/fql/compile-fql.ts';
import { limits } from '../../core/limits.ts';
import { hashAlgorithm, hashAlgorithms } from '../../core/transformations/hash-value.ts';
import type { TransformationWork } from '../../core/transformations/transformation-config.ts';
import { conditionProblem } from '../conditions/condition-problem.ts';
import { InputFailure, type InputProblem } from '../input-failure.ts';
import { type MatchedEvents, matchedEvents } from './matched-events.ts';

/** Throws `InputFailure` that names each wrong field (spec public-api §6). Returns what the condition matches. */
export function checkTransformation(condition: string, work: TransformationWork): MatchedEvents {
  const problems: InputProblem[] = [
    ...conditionProblem('if', condition),
    ...renameProblems(work),
    ...valueProblems(work),
    ...fqlProblems(work),
    ...listProblems(work),
  ];
  const matched = matchedEvents(condition);
  if (work.newEventName !== undefined && matched.type !== undefined && matched.type !== 'track') {
    problems.push(problem('newEventName', `is of track calls, and "if" matches ${matched.type}`));
  }
  if (problems.length > 0) throw new InputFailure(problems);
  return matched;
}

function problem(field: string, text: string): InputProblem {
  return { field, message: `"${field}" ${text}` };
}

function* renameProblems({ propertyRenames = [] }: TransformationWork): Generator<InputProblem> {
  const seen = { oldName: new Set<string>(), newName: new Set<string>() };
  for (const [index, rename] of propertyRenames.entries()) {
    const at = `propertyRenames.${index}`;
    for (const key of ['oldName', 'newName'] as const) {
      if (seen[key].has(rename[key])) yield problem(`${at}.${key}`, 'is there twice');
      seen[key].add(rename[key]);
    }
    if (rename.oldName === rename.newName) yield problem(`${at}.newName`, 'is the old name');
  }
}

function* valueProblems({
  propertyValueTransformations: values = [],
  propertyRenames = [],
}: TransformationWork): Generator<InputProblem> {
  if (values.length > limits.transformationValues) {
    const text = `must contain less than or equal to ${limits.transformationValues} items`;
    yield problem('propertyValueTransformations', text);
  }
  const renamed = new Set(propertyRenames.flatMap(({ oldName, newName }) => [oldName, newName]));
  const seen = new Set<string>();
  for (const [index, { propertyPaths }] of values.entries()) {
    const at = `propertyValueTransformations.${index}.propertyPaths`;
    if (propertyPaths.length === 0) yield problem(at, 'must contain at least 1 items');
    if (propertyPaths.length > limits.transformationPaths) {
      const text = `must contain less than or equal to ${limits.transformationPaths} items`;
      yield problem(at, text);
    }
    for (const [number, path] of propertyPaths.entries()) {
      if (seen.has(path)) yield problem(`${at}.${number}`, 'is there twice');
      if (renamed.has(path)) yield problem(`${at}.${number}`, 'is renamed');
      seen.add(path);
    }
  }
}

function* fqlProblems(work: TransformationWork): Generator<InputProblem> {
  const { fqlDefinedProperties: defined = [] } = work;
  const { propertyRenames = [], propertyValueTransformations = [] } = work;
  const field = 'fqlDefinedProperties';
  if (defined.length > 1) yield problem(field, 'must contain less than or equal to 1 items');
  if (defined.length > 0 && propertyRenames.length + propertyValueTransformations.length > 0) {
    yield problem(field, 'cannot stand beside renames and values of properties');
  }
  for (const [index, { fql }] of defined.entries()) {
    const at = `${field}.${index}.fql`;
    const compiled = compileFql(fql);
    if (compiled.ok) continue;
    const { position, message } = compiled.problem;
    yield problem(at, `is not valid FQL, at character ${position + 1}: ${message}`);
  }
}

function* listProblems(work: TransformationWork): Generator<InputProblem> {
  const { allowProperties = [], hashPropertiesConfiguration: hash } = work;
  yield* twice('allowProperties', allowProperties);
  if (hash === undefined) return;
  const at = 'hashPropertiesConfiguration';
  if (hashAlgorithm(hash.algorithm) === undefined) {
    yield problem(`${at}.algorithm`, `must be one of [${hashAlgorithms.join(', ')}]`);
  }
  if (hash.paths.length === 0) yield problem(`${at}.paths`, 'must contain at least 1 items');
  yield* twice(`${at}.paths`, hash.paths);
}

function* twice(field: string, texts: readonly string[]): Generator<InputProblem> {
  for (const [index, text] of texts.entries()) {
    if (texts.indexOf(text) < index) yield problem(`${field}.${index}`, 'is there twice');
  }
}
