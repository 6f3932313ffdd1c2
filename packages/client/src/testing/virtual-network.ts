import type { Link, Transport } from '../types.ts';
import type { MainThread } from './main-thread.ts';

/** A way to a server: the scripted one, or a real one on a virtual network. */
export interface Network {
  readonly fetch: typeof fetch;
  readonly transport: Transport;
}

/** `lost`: everything sent vanishes without a word, as behind a dead router. */
export type NetworkState = 'up' | 'down' | 'lost';

/** The network as one page sees it. */
export interface PageNetwork extends Network {
  /** Sockets that are open or opening: a leak check. */
  sockets(): number;
  /** The page is gone, and its sockets with it. */
  release(): void;
  /** The network is known to be down: open sockets break. */
  breakSockets(): void;
}

const failed = (): TypeError => new TypeError('Failed to fetch');

export const createPageNetwork = (
  network: Network,
  page: MainThread,
  state: () => NetworkState,
): PageNetwork => {
  const open = new Set<{ readonly link: Link; closed(code: number): void }>();

  const send = (input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> =>
    new Promise((resolve, reject) => {
      const { signal } = init ?? {};
      const settle = (task: () => void): void => {
        if (state() !== 'lost') page.run(task);
      };
      signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
      if (signal?.aborted) return reject(new DOMException('Aborted', 'AbortError'));
      if (state() === 'down') return settle(() => reject(failed()));
      if (state() === 'lost') return undefined;
      network.fetch(input, init).then(
        (response) => settle(() => resolve(response)),
        () => settle(() => reject(failed())),
      );
      return undefined;
    });

  const transport: Transport = {
    connect(url, events) {
      let over = false;
      const closed = (code: number, reason = ''): void => {
        if (over) return;
        over = true;
        open.delete(entry);
        page.run(() => events.closed(code, reason));
      };
      const arrive = (task: () => void): void => {
        if (!over && state() === 'up') page.run(() => over || task());
      };
      const link =
        state() === 'up'
          ? network.transport.connect(url, {
              open: () => arrive(events.open),
              message: (text) => arrive(() => events.message(text)),
              closed: (code, reason) => {
                if (state() === 'up') closed(code, reason);
              },
            })
          : { send: () => {}, close: () => {} };
      const entry = { link, closed };
      open.add(entry);
      if (state() === 'down') queueMicrotask(() => closed(1006));
      return {
        send(text) {
          if (!over && state() === 'up') link.send(text);
        },
        close(code, reason) {
          if (state() === 'up') link.close(code, reason);
          closed(code ?? 1005, reason);
        },
      };
    },
  };
  const end = (): void => {
    for (const { link, closed } of open) {
      closed(1006);
      link.close(1001);
    }
  };
  return {
    fetch: send,
    transport,
    sockets: () => open.size,
    release: end,
    breakSockets: end,
  };
};
