/** Until they are run (see docs/guides/shaping-events.md). */
export const transformationNotice = 'Transformations are kept, but not run yet';
