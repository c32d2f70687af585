import { Type } from '../../schemas/type.ts';

/** The answer of a deletion: clients in Python decode it as JSON (spec config-api §1). */
export const Nothing = Type.Object({});

export const nothing = {};
