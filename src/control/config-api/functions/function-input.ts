import { isJsonObject, type Json } from '../../../core/json.ts';
import { type DeclaredSetting, settingTypes } from '../../functions/declared-settings.ts';
import { type FunctionType, functionTypes } from '../../functions/function-type.ts';
import { InputFailure } from '../../input-failure.ts';

/** Fields of the shared model as this API names them. */
export function functionField(field: string): string {
  return `function.${field}`;
}

export function untitled(name: string): string {
  return name === '' ? 'Untitled function' : name;
}

/** A type in any case. Throws `input_validation`. */
export function functionTypeOf(field: string, given: string | undefined): FunctionType {
  const type = functionTypes.find((known) => known === given?.toUpperCase());
  if (type === undefined) throw bad(field, `must be one of [${functionTypes.join(', ')}]`);
  return type;
}

/** The settings that a function declares; what is not said is empty or false. Throws `input_validation`. */
export function readSettings(given: readonly Json[]): DeclaredSetting[] {
  if (given.length > 100) {
    throw bad('function.settings', 'must contain less than or equal to 100 items');
  }
  return given.map((setting, index) => {
    const at = `function.settings.${index}`;
    if (!isJsonObject(setting)) throw bad(at, 'must be of type object');
    const text = (key: string, longest: number, usual = '') => {
      const value = setting[key] ?? usual;
      if (typeof value === 'string' && value.length <= longest) return value;
      throw bad(`${at}.${key}`, `must be a string of at most ${longest} characters`);
    };
    const flag = (key: string) => {
      const value = setting[key] ?? false;
      if (typeof value === 'boolean') return value;
      throw bad(`${at}.${key}`, 'must be a boolean');
    };
    const name = text('name', 255);
    if (name === '') throw bad(`${at}.name`, 'is not allowed to be empty');
    const type = settingTypes.find((known) => known === text('type', 32, 'STRING').toUpperCase());
    if (type === undefined) throw bad(`${at}.type`, `must be one of [${settingTypes.join(', ')}]`);
    return {
      name,
      label: text('label', 255, name),
      description: text('description', 5_000),
      type,
      required: flag('required'),
      sensitive: flag('sensitive'),
    };
  });
}

function bad(field: string, text: string): InputFailure {
  return new InputFailure([{ field, message: `"${field}" ${text}` }]);
}
