import { type FuzzCase, renderCase, type Sent } from './fuzz-case.ts';
import { type EventFate, isTracking, type Judgement, judge, unanswered } from './judge.ts';
import { remarked } from './mark.ts';
import type { WireAnswer } from './read-answers.ts';
import { type Conversation, converse } from './send-case.ts';

/** What came of a case. */
export interface CaseResult {
  readonly events: readonly EventFate[];
  readonly accepted: number;
  readonly refused: number;
  readonly unsure: number;
  readonly statuses: readonly number[];
  readonly problem: string | undefined;
}

/** What must come back for a row of requests. */
interface Plan {
  readonly sent: readonly Sent[];
  /** The first request behind which the connection does not go on. */
  readonly odd: Sent | undefined;
  /** Answers that must come. */
  readonly expected: number;
}

/** Sends a case over a connection of its own and judges the answers. */
export async function runCase(port: number, one: FuzzCase, attempt = 0): Promise<CaseResult> {
  const sent = renderCase(one, attempt === 0 ? undefined : (bytes) => remarked(bytes, attempt));
  const plan = planOf(sent);
  const talk = await converse(port, {
    bytes: Buffer.concat(sent.map(({ rendered }) => rendered.bytes)),
    methods: sent.map(({ request }) => request.method),
    expected: plan.expected,
    mayBeMore: isOpenEnded(plan.odd),
    pieces: one.pieces,
  });
  const judgements = sent.map((each, index) => judgementOf(plan, each, index, talk.answers[index]));
  return {
    events: judgements.flatMap(({ events }) => events),
    accepted: sum(judgements, 'accepted'),
    refused: sum(judgements, 'refused'),
    unsure: sum(judgements, 'unsure'),
    statuses: talk.answers.map(({ status }) => status),
    problem: judgements.find(({ problem }) => problem !== undefined)?.problem ?? fault(plan, talk),
  };
}

function planOf(sent: readonly Sent[]): Plan {
  const at = sent.findIndex(
    ({ rendered }) => rendered.outcome !== 'complete' || rendered.thenBroken,
  );
  const odd = sent[at];
  if (odd === undefined) return { sent, odd, expected: sent.length };
  // Sent behind the end, the others make the system throw away what the client has not read yet.
  const isLast = odd.rendered.outcome === 'last' && at === sent.length - 1;
  const isWhole = isLast || odd.rendered.outcome === 'complete';
  return { sent, odd, expected: isWhole ? at + 1 : at };
}

/** Whether it is answered is for nobody to say. */
function isOpenEnded(odd: Sent | undefined): boolean {
  return odd?.rendered.outcome === 'loose' || odd?.rendered.outcome === 'last';
}

function judgementOf(
  { odd, expected }: Plan,
  { request, rendered }: Sent,
  index: number,
  answer: WireAnswer | undefined,
): Judgement {
  if (answer !== undefined && index < expected) return judge(request, rendered, answer);
  const isOdd = odd?.request === request;
  if (answer === undefined || !isOdd) {
    const mayBeTaken = !isOdd || isOpenEnded(odd);
    return unanswered(request, rendered, mayBeTaken ? 'may' : 'never');
  }
  if (rendered.outcome === 'last') return judge(request, rendered, answer);
  if (rendered.outcome === 'loose') {
    const { problem, ...judged } = judge(request, rendered, answer);
    const known = answer.status < 300 ? unanswered(request, rendered, 'may') : judged;
    return { ...known, ...(answer.status >= 500 && problem !== undefined && { problem }) };
  }
  const refusal = unanswered(request, rendered, 'never');
  // What takes no events may answer before it has read.
  const isRefused = (answer.status >= 400 && answer.status < 500) || !isTracking(request);
  return isRefused
    ? refusal
    : { ...refusal, problem: `what must be refused was answered ${answer.status}` };
}

/** What is wrong with the connection as a whole. */
function fault(
  { sent, odd, expected }: Plan,
  { answers, rest, hung }: Conversation,
): string | undefined {
  if (hung) return 'the connection hung';
  if (answers.length < expected) return `${answers.length} answers instead of ${expected}`;
  const most = sent.length + (odd === undefined ? 0 : 1);
  if (answers.length > most) return `${answers.length} answers to ${sent.length} requests`;
  if (odd === undefined && rest.length > 0) {
    return `bytes that are no answer: ${rest.toString('latin1', 0, 200)}`;
  }
  if (isOpenEnded(odd)) return undefined;
  const taken = answers.slice(expected + 1).find(({ status }) => status < 400);
  return taken && `an answer of ${taken.status} behind the end of the requests`;
}

const sum = (all: readonly Judgement[], key: 'accepted' | 'refused' | 'unsure') =>
  all.reduce((total, one) => total + one[key], 0);
