import type { PresenceClient } from '@presence/client';
import { explain, type Login, type Told } from '../api.ts';

/** An answer with the instant at which this machine got it, so that two clocks are never mixed. */
export interface Explained {
  readonly told: Told;
  readonly gotAt: number;
}

/** An explanation that is asked for again when it may have changed: a store, as React reads one. */
export interface LiveExplanation {
  subscribe(listener: () => void): () => void;
  read(): Explained | null;
}

/** Sentences count in minutes: an answer that names no instant is good for one. */
const LONGEST_MS = 60_000;
const SHORTEST_MS = 2000;
const RETRY_MS = 4000;

/** An answer is good until the first instant that it names. */
const goodForMs = ({ at, next, sessions }: Told): number => {
  const left = [next?.at, ...sessions.map(({ leaseEndsAt }) => leaseEndsAt)]
    .filter((instant) => typeof instant === 'number')
    .map((instant) => instant - at);
  return Math.max(SHORTEST_MS, Math.min(LONGEST_MS, ...left));
};

/**
 * Asks when the person changes, when this window is looked at again, and when the time that the
 * answer itself named has come. Nothing polls.
 */
export const liveExplanation = (
  client: PresenceClient,
  login: Login,
  userId: string,
): LiveExplanation => {
  let explained: Explained | null = null;
  let request = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const ask = async (listener: () => void): Promise<void> => {
    request.abort();
    clearTimeout(timer);
    request = new AbortController();
    const { signal } = request;
    let nextInMs = RETRY_MS;
    try {
      const told = await explain(login, userId, signal);
      explained = { told, gotAt: Date.now() };
      nextInMs = goodForMs(told);
      listener();
    } catch {
      // The server is away for a while; what was known stays on the page until it is back.
    }
    if (signal.aborted) return;
    timer = setTimeout(() => void (document.hidden || ask(listener)), nextInMs);
  };

  return {
    read: () => explained,
    subscribe: (listener) => {
      const again = (): void => void ask(listener);
      const cancels = [client.watch([userId]), client.subscribeUser(userId, again)];
      // While invisible, others see nothing of your changes; you do.
      if (userId === login.person.id) cancels.push(client.on('me', again));
      // Others may be as they were; what holds them is new.
      cancels.push(client.on('connection', ({ status }) => status === 'connected' && again()));
      window.addEventListener('focus', again);
      again();
      return () => {
        for (const cancel of cancels) cancel();
        window.removeEventListener('focus', again);
        request.abort();
        clearTimeout(timer);
      };
    },
  };
};
