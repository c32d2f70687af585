import type { JsonObject } from '../../../core/json.ts';
import type { AddFile, FilePlace } from './kind.ts';

/** Code of a function: what runs, and what is saved. A file that wants no draft says nothing of what is saved. */
export interface FunctionCode {
  readonly deployed?: string;
  readonly latest?: string;
}

/**
 * The code that an item of a file gives, inline or by the name of a file: `code` is what runs, unless `deployed` is false; `draft` is
 * saved behind it and not deployed. Problems are complained of.
 */
export function codeFromFile(item: JsonObject, place: FilePlace): JsonObject {
  const { code, codeFile, draft, draftFile, deployed = true, ...rest } = item;
  const read = (text: unknown, file: unknown): string | undefined => {
    if (typeof text === 'string') return text;
    return typeof file === 'string' ? place.read(file) : undefined;
  };
  if ((code === undefined) === (codeFile === undefined)) {
    place.complain('must have one of code and codeFile');
  }
  const isDraft = draft !== undefined || draftFile !== undefined;
  if (draft !== undefined && draftFile !== undefined) {
    place.complain('must have one of draft and draftFile');
  }
  if (isDraft && deployed === false) {
    place.complain('has a draft: that is beside code that is deployed');
  }
  const running = read(code, codeFile) ?? '';
  if (deployed === false) return { ...rest, code: { latest: running } };
  const latest = read(draft, draftFile);
  return { ...rest, code: { deployed: running, ...(latest !== undefined && { latest }) } };
}

/** The reverse: code goes into files of its own beside the configuration. */
export function codeToFile(item: JsonObject, add: AddFile): JsonObject {
  const { code, settings, ...rest } = item;
  const { deployed, latest }: FunctionCode = Object(code);
  const name = fileName(String(item['name']));
  const listed = Array.isArray(settings) && settings.length > 0 && { settings };
  const running = deployed ?? latest ?? '';
  return {
    ...rest,
    codeFile: add(`functions/${name}.js`, running),
    ...(deployed === undefined && { deployed: false }),
    ...(deployed !== undefined &&
      latest !== deployed && { draftFile: add(`functions/${name}.draft.js`, latest ?? '') }),
    ...listed,
  };
}

function fileName(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return plain.replace(/^-|-$/g, '') || 'function';
}
