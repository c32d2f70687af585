import type { HttpOptions, PooledHttp } from '../../deliver/http/create-http.ts';

/** The way out to other servers; its pool and client load with the first request, not in an idle node. */
export function lazyHttp(options: HttpOptions): PooledHttp {
  let pool: PooledHttp | undefined;
  const open = async (): Promise<PooledHttp> => {
    const { createHttp } = await import('../../deliver/http/create-http.ts');
    pool ??= createHttp(options);
    return pool;
  };
  return {
    request: async (request) => (pool ?? (await open())).request(request),
    close: async () => pool?.close(),
  };
}
