import { errorTable, TributaryError } from '../core/errors.ts';

export interface InputProblem {
  /** Dotted; '' when it is the request as a whole. */
  readonly field: string;
  readonly message: string;
}

/** Several fields of one request are wrong: answered as one error per field. */
export class InputFailure extends TributaryError {
  readonly problems: readonly InputProblem[];
  /** 422 unless the client asked for another (`/echo`). */
  readonly answerStatus: number;

  constructor(
    problems: readonly InputProblem[],
    answerStatus: number = errorTable.input_validation.status,
  ) {
    super('input_validation', problems.map((problem) => problem.message).join('; '));
    this.problems = problems;
    this.answerStatus = answerStatus;
  }
}
