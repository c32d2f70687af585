import type { Functions } from '../../core/functions.ts';
import type { FunctionsOptions } from '../../functions/create-functions.ts';

/** Functions whose engine is loaded when the first is run: most processes of control never run one. */
export function lazyFunctions(options: FunctionsOptions): Pick<Functions, 'invoke' | 'stop'> {
  let loading: Promise<Functions> | undefined;
  const load = async (): Promise<Functions> => {
    const { createFunctions } = await import('../../functions/create-functions.ts');
    return createFunctions(options);
  };
  return {
    invoke: async (invocation) => {
      loading ??= load();
      return (await loading).invoke(invocation);
    },
    stop: async () => {
      await (await loading)?.stop();
    },
  };
}
