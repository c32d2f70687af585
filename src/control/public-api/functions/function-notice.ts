/** Until functions are run (see docs/guides/shaping-events.md). */
export const functionNotice = 'Functions are kept and versioned, but their code is not run yet';
