import assert from 'node:assert/strict';
import type sdk from '@segment/public-api-sdk-typescript';
import { adminToken, type ControlRig, controlRig, type RigOptions } from './control-rig.ts';
import { validatingProxy } from './validating-proxy.ts';

interface SdkApi {
  accessToken: string | (() => string);
}

/** A control plane on a port, reached by the official TypeScript SDK through a proxy that validates each answer. */
export interface SdkStand {
  readonly rig: ControlRig;
  /** One of the SDK's clients, with the admin's token: `stand.api(sdk.SourcesApi)`. */
  api<Api extends SdkApi>(kind: new (address: string) => Api): Api;
  /** Fails when any answer did not fit the OpenAPI document of the server. */
  close(): Promise<void>;
}

export async function sdkStand(options: RigOptions = {}): Promise<SdkStand> {
  const rig = await controlRig(options);
  const address = await rig.control.app.listen({ host: '127.0.0.1', port: 0 });
  const proxy = await validatingProxy(`${address}/api`);
  return {
    rig,
    api: (kind) => {
      const api = new kind(proxy.address);
      api.accessToken = adminToken;
      return api;
    },
    close: async () => {
      await proxy.close();
      await rig.close();
      assert.deepEqual(proxy.problems, []);
    },
  };
}

/** The `data` of an answer, which the SDK declares as optional. */
export function dataOf<Data>(answer: { readonly body: { readonly data?: Data } }): Data {
  assert(answer.body.data !== undefined, 'an answer with 2xx has data');
  return answer.body.data;
}

/** Asserts that a call is refused, and how. */
export async function refused(call: Promise<unknown>, status: number, type: string): Promise<void> {
  await assert.rejects(call, (error: InstanceType<typeof sdk.HttpError>) => {
    // Compiled to ES5, the SDK's HttpError is no instance of its own class.
    assert.deepEqual([error.name, error.statusCode], ['HttpError', status]);
    assert.equal(error.body.errors[0].type, type);
    return true;
  });
}

/** Walks a list to its end in pages of `count`, as clients do; the ids in order. */
export async function walk(
  page: (pagination: { count: number; cursor?: string }) => Promise<{
    readonly ids: readonly string[];
    readonly next: string | null | undefined;
  }>,
  count: number,
): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { ids, next } = await page({ count, ...(cursor !== undefined && { cursor }) });
    assert(ids.length <= count);
    seen.push(...ids);
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return seen;
}
