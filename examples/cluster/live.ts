import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock, Instant } from '@presence/core';
import type { NodeCard } from './node-process.ts';
import type { Entry } from './journal.ts';
import type { Person } from './people.ts';

/** Everything that the page shows and presence does not know. */
export interface ClusterView {
  /** On the server's clock, for countdowns. */
  readonly now: Instant;
  readonly nodes: readonly NodeCard[];
  readonly people: readonly Person[];
  /** User → the node of their socket, or where the last one was. */
  readonly places: Readonly<Record<string, Place>>;
  readonly journal: readonly Entry[];
  readonly seenLeaving: number;
  readonly isDeploying: boolean;
  readonly redis: { readonly address: string; readonly version: string; readonly isOwn: boolean };
}

export interface Place {
  readonly node: number;
  readonly isConnected: boolean;
  /** Counts up with each arrival: who came first stands first. */
  readonly turn: number;
}

/** Pages that watch, over server-sent events. */
export interface Live {
  open(request: IncomingMessage, response: ServerResponse): void;
  /** Something changed: every page is told, at most ten times a second. */
  changed(): void;
  close(): void;
}

const WINDOW_MS = 100;

export const createLive = (clock: Clock, view: () => ClusterView): Live => {
  const pages = new Set<ServerResponse>();
  let isWaiting = false;

  const tell = (to: Iterable<ServerResponse>): void => {
    const text = `data: ${JSON.stringify(view())}\n\n`;
    for (const page of to) page.write(text);
  };

  return {
    open: (request, response) => {
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
      });
      response.write('retry: 500\n\n');
      pages.add(response);
      request.once('close', () => pages.delete(response));
      tell([response]);
    },
    changed: () => {
      if (isWaiting) return;
      isWaiting = true;
      clock.after(WINDOW_MS, () => {
        isWaiting = false;
        tell(pages);
      });
    },
    close: () => {
      for (const page of pages) page.end();
    },
  };
};
