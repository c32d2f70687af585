/** Whether this is the name of an IANA time zone. An offset such as `+02:00` is none. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    // The only way that the language has to ask.
    return false;
  }
}
