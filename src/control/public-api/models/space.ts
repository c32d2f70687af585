import { Type } from '../../schemas/type.ts';

export const Space = Type.Object({ id: Type.String(), slug: Type.String(), name: Type.String() });
