/** Until process enforces plans (see docs/guides/shaping-events.md). */
export const planNotice = 'Tracking plans are kept, but events are not held against them yet';
