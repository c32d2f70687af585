import { isJsonObject, type JsonObject } from '../../core/json.ts';

/** What an isolate says, if it is the text of an object: code in there can make it say anything. */
export function parsedObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Not JSON, which is what undefined says.
    return undefined;
  }
}
