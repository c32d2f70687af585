import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import {
  describeProblems,
  oneForEachField,
} from '../../../control/public-api/frame/schema-problems.ts';
import { TributaryError } from '../../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { ConfigurationDocument, schemaFile } from './document.ts';
import type { FilePlace, KindName } from './kind.ts';
import { kinds } from './kinds/kinds.ts';
import { objects } from './session.ts';

/** What the files want, by kind; a kind that no file names is not there. */
export type Wanted = ReadonlyMap<KindName, readonly JsonObject[]>;

/** Environment variables that `${env:NAME}` may name. */
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * All `.yaml`, `.yml` and `.json` files of a folder and below it, as one configuration: how they are cut and
 * named means nothing. Throws `input_validation` with every problem at once, each with its file and field.
 */
export function readFolder(folder: string, variables: Variables): Wanted {
  const problems: string[] = [];
  const wanted = new Map<KindName, JsonObject[]>();
  const places = new Map<string, string>();
  for (const path of filesOf(folder)) {
    const document = readDocument(path, problems);
    for (const kind of document === undefined ? [] : kinds) {
      if (document?.[kind.name] === undefined) continue;
      const list = wanted.get(kind.name) ?? [];
      wanted.set(kind.name, list);
      for (const item of objects(document[kind.name])) {
        const name = `${kind.title} ${kind.key(item)}`;
        const other = places.get(name);
        if (other !== undefined) problems.push(`${path}: ${name} is in ${other} already`);
        places.set(name, path);
        const complain = (variable: string) =>
          problems.push(`${path}: ${name} needs the environment variable ${variable}`);
        const words = kind.fromFile?.(item, placeOf(path, name, problems)) ?? item;
        list.push(resolved(words, variables, complain));
      }
    }
  }
  if (problems.length > 0) throw new TributaryError('input_validation', problems.join('\n'));
  return wanted;
}

/** Paths in files go from the file that they stand in. */
function placeOf(path: string, name: string, problems: string[]): FilePlace {
  const complain = (problem: string) => {
    problems.push(`${path}: ${name} ${problem}`);
  };
  return {
    complain,
    read: (file) => {
      try {
        return readFileSync(join(dirname(path), file), 'utf8');
      } catch {
        complain(`names the file ${file}, which cannot be read`);
        return '';
      }
    },
  };
}

function filesOf(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (cause) {
    throw new TributaryError('not_found', `The folder ${folder} cannot be read`, { cause });
  }
  const isOne = (name: string) => /\.(ya?ml|json)$/.test(name) && basename(name) !== schemaFile;
  return names
    .filter(isOne)
    .sort()
    .map((name) => join(folder, name));
}

function readDocument(path: string, problems: string[]): JsonObject | undefined {
  const text = readFileSync(path, 'utf8');
  let document: unknown;
  try {
    document = path.endsWith('.json') ? JSON.parse(text) : parse(text);
  } catch (problem) {
    problems.push(`${path}: ${problem instanceof Error ? problem.message : 'cannot be read'}`);
    return undefined;
  }
  if (document === null || document === undefined) return {};
  if (Value.Check(ConfigurationDocument, document) && isJsonObject(document)) return document;
  const errors = Value.Errors(ConfigurationDocument, document);
  const found = describeProblems(errors.flatMap(oneForEachField));
  problems.push(...found.map(({ message }) => `${path}: ${message}`));
  return undefined;
}

const reference = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** An item with the references of its settings replaced by values of the environment. */
function resolved(
  item: JsonObject,
  variables: Variables,
  complain: (variable: string) => void,
): JsonObject {
  const replace = (value: Json): Json => {
    if (typeof value === 'string') {
      return value.replace(reference, (text, name: string) => {
        const found = variables[name];
        if (found === undefined) complain(name);
        return found ?? text;
      });
    }
    if (Array.isArray(value)) return value.map(replace);
    return isJsonObject(value) ? replaceAll(value) : value;
  };
  const replaceAll = (object: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(object).map(([name, value]) => [name, replace(value ?? null)]),
    );
  const { settings } = item;
  return isJsonObject(settings) ? { ...item, settings: replaceAll(settings) } : item;
}
