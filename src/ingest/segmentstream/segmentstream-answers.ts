import type { Answers } from '../answers.ts';
import type { CallAnswers } from '../wire.ts';

/**
 * What SegmentStream's clients are told (seed 003): 204 without a body for what was taken, 401 for a wrong
 * token, 400 for everything else that is the client's fault. That the server cannot take it stays 5xx.
 */
export function segmentstreamAnswers(answers: Answers): CallAnswers {
  return {
    success: (response) => answers.empty(response),
    ok: (response) => answers.empty(response),
    problem: (response, problem, quota) => {
      const isTheirs = problem.status >= 400 && problem.status < 500 && problem.status !== 401;
      answers.problem(response, isTheirs ? { ...problem, status: 400 } : problem, quota);
    },
  };
}
