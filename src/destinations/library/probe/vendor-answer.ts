import type { JsonObject } from '../../../core/json.ts';
import type { CallResult } from '../lane/library-account.ts';
import type { Tokens } from '../package/library-package.ts';

/** As the library finds tokens among settings. */
export function oauthOf({ accessToken, refreshToken }: Tokens): JsonObject {
  return {
    ...(accessToken && { access_token: accessToken }),
    ...(refreshToken && { refresh_token: refreshToken }),
  };
}

export function messageOf(result: object): string {
  return 'message' in result ? String(result.message) : '';
}

/** What a call came to, or the sentence that says why nothing did: also of what the definition threw. */
export async function answered<Value>(
  asked: Promise<CallResult<Value>>,
): Promise<{ readonly value: Value } | { readonly failure: string }> {
  try {
    const result = await asked;
    return result.ok ? { value: result.value } : { failure: messageOf(result.result) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
