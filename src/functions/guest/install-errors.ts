import type { Guest, GuestOptions } from './guest.ts';

/** The errors that code throws to say what becomes of an event, and sentences for what is not there. */
export function installErrors(guest: Guest, options: GuestOptions): void {
  const names = [
    'EventNotSupported',
    'InvalidEventPayload',
    'ValidationError',
    'RetryError',
    'DropEvent',
    'Timeout',
  ];
  for (const name of names) {
    const made = class extends Error {
      override name = name;
    };
    Object.defineProperty(made, 'name', { value: name });
    guest.define(name, made);
  }
  const NotAvailable = class extends ReferenceError {};
  for (const [name, sentence] of Object.entries(options.unavailable)) {
    guest.lazy(name, () => {
      throw new NotAvailable(sentence);
    });
  }
}
