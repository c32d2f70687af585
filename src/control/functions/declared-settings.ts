import { InputFailure, type InputProblem } from '../input-failure.ts';

export const settingTypes = ['ARRAY', 'BOOLEAN', 'STRING', 'TEXT_MAP'] as const;

/** A setting that a function declares: what is asked of whoever uses it. */
export interface DeclaredSetting {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly type: (typeof settingTypes)[number];
  readonly required: boolean;
  /** Its values are secrets. */
  readonly sensitive: boolean;
}

/** The names of the sensitive settings of a function, by its column `settings`. */
export function secretSettings(column: string): readonly string[] {
  const declared: DeclaredSetting[] = JSON.parse(column);
  return declared.filter(({ sensitive }) => sensitive).map(({ name }) => name);
}

/** Throws `InputFailure` for a name that is there twice. */
export function checkDeclared(settings: readonly DeclaredSetting[]): void {
  const problems: InputProblem[] = settings.flatMap(({ name }, index) => {
    const field = `settings.${index}.name`;
    const isFirst = settings.findIndex((other) => other.name === name) === index;
    return isFirst ? [] : [{ field, message: `"${field}" is there twice` }];
  });
  if (problems.length > 0) throw new InputFailure(problems);
}
