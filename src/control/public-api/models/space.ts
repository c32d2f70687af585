import Type from 'typebox';

export const Space = Type.Object({ id: Type.String(), slug: Type.String(), name: Type.String() });
