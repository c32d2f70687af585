import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { TributaryError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Client } from '../client.ts';
import { schemaFile, schemaText } from './document.ts';
import type { AddFile, Kind, Session } from './kind.ts';
import { kinds } from './kinds/kinds.ts';

/** `tributary export`: one file a kind, one for the code of each function, and the schema for editors. Secrets are masks. */
export async function exportTo(
  client: Client,
  folder: string,
  format: 'yaml' | 'json',
): Promise<void> {
  const session: Session = { client, ids: new Map(), functions: new Map() };
  const files = new Map([[schemaFile, schemaText()]]);
  for (const kind of kinds) {
    const items = await readItems(session, kind);
    const name = kind.name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const add: AddFile = (path, text) => {
      const free = freeName(files, path);
      files.set(free, text);
      return free;
    };
    const written = items.map((item) => kind.toFile?.(item, add) ?? item);
    files.set(`${name}.${format}`, fileText(kind, written, format));
    process.stdout.write(`${items.length} ${kind.title}${items.length === 1 ? '' : 's'}\n`);
  }
  for (const [name, text] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function freeName(files: ReadonlyMap<string, string>, path: string): string {
  let name = path;
  for (let n = 2; files.has(name); n += 1) name = path.replace(/\./, `-${n}.`);
  return name;
}

async function readItems(session: Session, kind: Kind): Promise<JsonObject[]> {
  const seen = new Set<string>();
  const items: JsonObject[] = [];
  for (const { id, item } of await kind.read(session, undefined)) {
    const key = kind.key(item);
    if (seen.has(key)) {
      const message = `The server has several of the name ${kind.title} ${key}; rename all but one`;
      throw new TributaryError('conflict', message);
    }
    seen.add(key);
    session.ids.set(`${kind.name}/${key}`, id);
    items.push(item);
  }
  return items;
}

function fileText(kind: Kind, items: readonly JsonObject[], format: 'yaml' | 'json'): string {
  if (format === 'json') {
    return `${JSON.stringify({ $schema: `./${schemaFile}`, [kind.name]: items }, null, 2)}\n`;
  }
  const text = stringify({ [kind.name]: items }, { lineWidth: 0, aliasDuplicateObjects: false });
  return `# yaml-language-server: $schema=./${schemaFile}\n${text}`;
}
