import { isSealed, type SecretBox } from '../secret-box.ts';
import type { TransformationConfig } from './transformation-config.ts';

/** Transformations with the keys of their hashes opened. One that does not open stays sealed, and fails on every event. */
export function openKeys(
  configs: readonly TransformationConfig[],
  box: () => SecretBox,
): readonly TransformationConfig[] {
  return configs.map((config) => {
    const { hashPropertiesConfiguration: hash } = config.work;
    if (!isSealed(hash?.key)) return config;
    const key = box().open(hash.key, config.id) ?? hash.key;
    return { ...config, work: { ...config.work, hashPropertiesConfiguration: { ...hash, key } } };
  });
}
