/** The list that costs the API most. */
const heaviestList = '/api/catalog/destinations?pagination[count]=1000';

export interface ApiLoop {
  /** Ends it; resolves with the number of answers. */
  stop(): Promise<number>;
}

/** Asks for the heaviest list again and again, without a pause. */
export function startApiLoop(url: string, token: string): ApiLoop {
  let stopped = false;
  const run = async () => {
    let answers = 0;
    while (!stopped) {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${url}${heaviestList}`, { headers });
      await answer.arrayBuffer();
      if (answer.status === 200) answers++;
    }
    return answers;
  };
  const running = run();
  return {
    stop: () => {
      stopped = true;
      return running;
    },
  };
}
