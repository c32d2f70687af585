import { AuthenticationError, findErrorBy, GenericError, ProtocolError } from '@platformatic/kafka';

/** What a broker's refusal of a write means for the writer. */
export type ProduceFailure =
  /** The same may work again: another leader, a broker that restarts, too few replicas, a broken connection. */
  | 'retry'
  /** Another writer has taken the partition over: nothing more is written here. */
  | 'fenced'
  /** The broker does not know where this producer was: it begins anew under another id. */
  | 'unknown_sequence'
  /** It will not work again. */
  | 'refused';

const unknownSequence = ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN_PRODUCER_ID'];
const fenced = ['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED'];

export function produceFailure(error: unknown): ProduceFailure {
  const protocol = protocolErrors(error);
  const is = (ids: readonly string[]) => protocol.some(({ apiId }) => ids.includes(String(apiId)));
  if (is(fenced)) return 'fenced';
  if (is(unknownSequence)) return 'unknown_sequence';
  return isRetryable(error) ? 'retry' : 'refused';
}

/** Whether the same request may work again: another leader, a restart, a broken connection, a time-out. */
export function isRetryable(error: unknown): boolean {
  if (accessFailure(error) !== undefined) return false;
  const protocol = protocolErrors(error);
  if (protocol.length > 0) return protocol.every(({ canRetry }) => canRetry === true);
  // What is no answer of a broker is a failure of the way to it.
  return leaves(error).every((one) => one instanceof GenericError);
}

export function isProtocolError(error: unknown, apiId: string): boolean {
  return error instanceof Error && findErrorBy(error, 'apiId', apiId) !== null;
}

/** What is wrong with the credentials or the certificate, where that is why the brokers cannot be reached. */
export function accessFailure(error: unknown): string | undefined {
  for (const one of leaves(error).flatMap(causes)) {
    if (one instanceof AuthenticationError || isRefusedLogin(one)) {
      return 'the brokers do not accept the user or password';
    }
    if (one instanceof Error && 'code' in one && certificateFailure.test(String(one.code))) {
      return `the certificate of a broker is not trusted (${one.code}): ca= names who has signed it`;
    }
  }
  return undefined;
}

const certificateFailure = /CERT|SIGNATURE/;

function isRefusedLogin(error: unknown): boolean {
  return error instanceof ProtocolError && String(error.apiId).startsWith('SASL_');
}

/** One line for a log or a message: the reasons of all that went wrong. */
export function reasonOf(error: unknown): string {
  const protocol = protocolErrors(error);
  if (protocol.length > 0) return protocol.map((one) => String(one.apiId)).join(', ');
  const said = leaves(error)
    .flatMap(causes)
    .map((one) => (one instanceof Error ? one.message : String(one)));
  return [...new Set(said)].join('; ');
}

function protocolErrors(error: unknown): readonly ProtocolError[] {
  return leaves(error).filter((one) => one instanceof ProtocolError);
}

/** The library nests what went wrong at each try and broker. */
function leaves(error: unknown): readonly unknown[] {
  return error instanceof AggregateError && error.errors.length > 0
    ? error.errors.flatMap(leaves)
    : [error];
}

/** An error, what caused it, what caused that. */
function causes(error: unknown): readonly unknown[] {
  return error instanceof Error && error.cause !== undefined
    ? [error, ...leaves(error.cause).flatMap(causes)]
    : [error];
}
