import { listen } from './listen.ts';
import { quietly } from './quietly.ts';
import type { BrowserLike, ChannelLike } from './types.ts';

const createChannel = (name: string): ChannelLike => {
  const channel = new BroadcastChannel(name);
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin: its own
    post: (message) => channel.postMessage(message),
    onMessage: (listener) => listen(channel, 'message', ({ data }: MessageEvent) => listener(data)),
    close: () => channel.close(),
  };
};

/** The page this runs in; where there is none, nothing is shared and no page event comes. */
export const platformBrowser = (): BrowserLike => {
  const page = globalThis.document as Document | undefined;
  if (!page) return { onPage: () => () => {} };
  return {
    baseUrl: page.baseURI,
    locks: navigator.locks,
    createChannel: globalThis.BroadcastChannel && createChannel,
    // Reading it throws where the user forbids it.
    storage: quietly(() => localStorage),
    onPage: (event, listener) => listen(globalThis, event, listener),
    // As text: a beacon of JSON would ask other origins first, and the page is going.
    sendBeacon: (url, body) => navigator.sendBeacon?.(url, body) ?? false,
  };
};
