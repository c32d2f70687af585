import { InputFailure, type InputProblem } from '../input-failure.ts';

/** What of an alert must fit together. */
export interface CheckedAlert {
  readonly metric: string;
  readonly sourceId: string | null;
  readonly destinationId: string | null;
  readonly below: number | null;
  readonly above: number | null;
  /** Undefined: not given. */
  readonly webhookUrl?: string | null | undefined;
}

/** Throws `input_validation`, with every field at fault. */
export function checkAlert(alert: CheckedAlert): void {
  const problems: InputProblem[] = [];
  const refuse = (field: string, text: string) =>
    problems.push({ field, message: `"${field}" ${text}` });
  const isOfSource = alert.metric === 'VOLUME';
  if (isOfSource && alert.sourceId === null) refuse('sourceId', 'is required for VOLUME');
  if (!isOfSource && alert.destinationId === null) {
    refuse('destinationId', `is required for ${alert.metric}`);
  }
  if (isOfSource && alert.destinationId !== null) refuse('destinationId', 'is not for VOLUME');
  if (!isOfSource && alert.sourceId !== null) refuse('sourceId', `is not for ${alert.metric}`);
  const { below, above, webhookUrl } = alert;
  if (below === null && above === null) refuse('below', 'or "above" must be given');
  if (below !== null && above !== null && below > above) {
    refuse('below', 'must not be more than "above"');
  }
  if (typeof webhookUrl === 'string') {
    const { protocol } = URL.parse(webhookUrl) ?? {};
    if (protocol !== 'http:' && protocol !== 'https:') {
      refuse('webhookUrl', 'must be an http or https address');
    }
  }
  if (problems.length > 0) throw new InputFailure(problems);
}
