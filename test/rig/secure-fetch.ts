import { Agent, fetch as fetchWith, type RequestInit, type Response } from 'undici';

/** `fetch` that believes one certificate alone; every call has a connection of its own. */
export async function secureFetch(
  ca: string,
  url: string,
  init: RequestInit = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const dispatcher = new Agent({ connect: { ca } });
  try {
    const answer: Response = await fetchWith(url, { ...init, dispatcher });
    return { status: answer.status, text: await answer.text() };
  } finally {
    await dispatcher.close();
  }
}
