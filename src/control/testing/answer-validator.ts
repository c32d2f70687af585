import { Ajv, type ValidateFunction } from 'ajv';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

/** Compares answers with an OpenAPI document: every key is declared, every required one is there. */
export interface AnswerValidator {
  /** What is wrong with an answer, each with its place; `path` is below the address of the API. */
  problems(method: string, path: string, status: number, body: Json | undefined): string[];
}

interface Route {
  readonly pattern: RegExp;
  readonly responses: JsonObject;
  /** Variable parts: of two paths that fit, the one with fewer is meant. */
  readonly variables: number;
}

export function answerValidator(document: Json): AnswerValidator {
  const ajv = new Ajv({ strict: false, allErrors: true });
  const routes = routesOf(document);
  const schemas = at(document, 'components', 'schemas');
  const compiled = new Map<string, ValidateFunction>();
  const validate = (reference: string): ValidateFunction => {
    const known = compiled.get(reference);
    if (known !== undefined) return known;
    const schema = at(schemas, reference.split('/').at(-1) ?? '');
    const made = ajv.compile(isJsonObject(schema) ? { ...schema } : {});
    compiled.set(reference, made);
    return made;
  };
  return {
    problems: (method, path, status, body) => {
      const route = (routes.get(method) ?? []).find(({ pattern }) => pattern.test(path));
      if (route === undefined) return [];
      const response = at(route.responses, String(status));
      if (response === undefined) return [`${method} ${path}: ${status} is not declared`];
      const reference = at(response, 'content', 'application/json', 'schema', '$ref');
      if (typeof reference !== 'string') return [];
      const check = validate(reference);
      if (check(body)) return [];
      return (check.errors ?? []).map(
        ({ instancePath, message, params }) =>
          `${method} ${path}: ${instancePath} ${message} ${JSON.stringify(params)}`,
      );
    },
  };
}

function routesOf(document: Json): ReadonlyMap<string, readonly Route[]> {
  const routes = new Map<string, Route[]>();
  const paths = at(document, 'paths');
  for (const [path, item] of Object.entries(isJsonObject(paths) ? paths : {})) {
    const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`);
    const variables = path.split('{').length - 1;
    for (const [method, operation] of Object.entries(isJsonObject(item) ? item : {})) {
      const responses = at(operation ?? null, 'responses');
      if (!isJsonObject(responses)) continue;
      const list = routes.get(method.toUpperCase()) ?? [];
      list.push({ pattern, responses, variables });
      routes.set(method.toUpperCase(), list);
    }
  }
  for (const list of routes.values()) list.sort((one, other) => one.variables - other.variables);
  return routes;
}

function at(value: Json | undefined, ...names: readonly string[]): Json | undefined {
  return names.reduce<Json | undefined>(
    (inner, name) => (isJsonObject(inner) ? inner[name] : undefined),
    value,
  );
}
