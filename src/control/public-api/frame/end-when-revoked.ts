import { limits } from '../../../core/limits.ts';
import type { ReadContext } from '../../context.ts';
import type { EventStream } from './event-stream.ts';

/**
 * Ends a stream within `limits.revokedCheckMs` of the revocation of the token that opened it. It asks the state store,
 * not this process: the token may be revoked on another node.
 */
export function endWhenRevoked(
  stream: EventStream,
  { db, environment, principal }: ReadContext,
): void {
  const { clock, logger } = environment;
  let isOpen = true;
  let cancel = clock.after(limits.revokedCheckMs, check);
  stream.onClose(() => {
    isOpen = false;
    cancel();
  });

  function check(): void {
    isValid().then(
      (valid) => {
        if (!valid) stream.end();
        else again();
      },
      (error: unknown) => {
        logger.error({ err: error }, 'it cannot be told whether the token of a stream is valid');
        again();
      },
    );
  }

  function again(): void {
    if (isOpen) cancel = clock.after(limits.revokedCheckMs, check);
  }

  async function isValid(): Promise<boolean> {
    const query = db.selectFrom('token').select('id').where('id', '=', principal.tokenId);
    return (await query.executeTakeFirst()) !== undefined;
  }
}
