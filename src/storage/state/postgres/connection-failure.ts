import { TributaryError } from '../../../core/errors.ts';
import { poolerHint } from './check-connection.ts';
import type { ConnectionSettings } from './connection-settings.ts';

/** What a failed statement means, by its SQLSTATE (PostgreSQL manual, appendix A). */
export interface Failure {
  /** Another try may succeed, and nothing is wrong with the statement. */
  readonly mayPass: boolean;
  /** The connection is of no further use. */
  readonly broken: boolean;
}

/** Connection exceptions, shutdowns, a standby that was promoted elsewhere, time-outs of idle transactions. */
const brokenStates = /^(08|57P|25006|25P03)/;
/** Too few resources, conflicts of transactions, a time-out, a lock that was not to be had. */
const passingStates = /^(53|40|57014|55P03)/;
/** Refusals that last until somebody acts: password, rights, no such database. */
const finalStates = /^(28|3D000|42501)/;

export function failureOf(error: unknown): Failure {
  const state = sqlState(error);
  // Without a state it did not come from the server: the socket, or a time-out of ours.
  const broken = state === undefined || brokenStates.test(state);
  return { broken, mayPass: broken || passingStates.test(state) };
}

/** A failure to connect, in the words of the error table; where, as whom, and never the password. */
export function connectionError(error: unknown, settings: ConnectionSettings): TributaryError {
  if (error instanceof TributaryError) return error;
  const { host, port, user, database } = settings;
  const message = error instanceof Error ? error.message : String(error);
  const state = sqlState(error);
  const isPooler = /unsupported startup parameter/.test(message);
  const reason = isPooler ? `${message}: ${poolerHint}` : message;
  const isFinal = state === undefined ? isTlsRefusal(error) : isPooler || finalStates.test(state);
  const where = `PostgreSQL at ${host}:${port}, database ${database}, user ${user}`;
  return isFinal
    ? new TributaryError('config_invalid', `TRIBUTARY_STATE: ${where}: ${reason}`, { cause: error })
    : new TributaryError('store_failed', `The state store cannot be reached: ${where}: ${reason}`, {
        cause: error,
      });
}

/** A certificate that is not to be trusted, or a server without TLS. */
function isTlsRefusal(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined && /^(ERR_TLS_CERT|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/.test(code)) {
    return true;
  }
  return error instanceof Error && /does not support SSL/.test(error.message);
}

/** Five characters; system errors have longer codes. */
function sqlState(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE' ? code : undefined;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
