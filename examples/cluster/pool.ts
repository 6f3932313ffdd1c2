/** A node that may take requests. */
export interface Target {
  readonly id: number;
  readonly port: number;
}

/** Which nodes take requests, and which of them is next. */
export interface Pool {
  /** Those that answer, each time another one first. */
  forRequest(): readonly Target[];
  /** The same, and those with the fewest sockets before all others. */
  forSocket(): readonly Target[];
  /** It did not answer: nobody is sent there until it says that it is ready. */
  fail(target: Target): void;
  /** A socket stands there, or asks to, until the returned function is called. */
  hold(target: Target): () => void;
  /** Asks every node whether it is ready. One that drains says no. */
  probe(): Promise<void>;
}

const PROBE_MS = 1000;

/** @param targets the nodes that there are, whether or not they answer; a new process has another port */
export const createPool = (targets: () => readonly Target[]): Pool => {
  const down = new Set<number>();
  const sockets = new Map<number, number>();
  let turn = 0;

  const forRequest: Pool['forRequest'] = () => {
    const up = targets().filter(({ port }) => !down.has(port));
    turn += 1;
    return up.map((_, index) => up[(index + turn) % up.length] as Target);
  };

  const load = ({ port }: Target): number => sockets.get(port) ?? 0;

  const ask = async ({ port }: Target): Promise<void> => {
    const isReady = await fetch(`http://127.0.0.1:${port}/ready`, {
      signal: AbortSignal.timeout(PROBE_MS),
    }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) down.delete(port);
    else down.add(port);
  };

  return {
    forRequest,
    forSocket: () => [...forRequest()].sort((left, right) => load(left) - load(right)),
    fail: ({ port }) => void down.add(port),
    hold: (target) => {
      sockets.set(target.port, load(target) + 1);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        if (load(target) > 1) sockets.set(target.port, load(target) - 1);
        else sockets.delete(target.port);
      };
    },
    probe: async () => {
      const all = targets();
      for (const port of down) if (!all.some((target) => target.port === port)) down.delete(port);
      await Promise.all(all.map(ask));
    },
  };
};
