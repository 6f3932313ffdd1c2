// A page with a client that is connected; it counts what the client hears, and measures what it does then.
import { createPresenceClient } from '@presence/client';
import { answersTo, ticketFetch } from './frames.ts';

const counted = globalThis as unknown as { heard: number; took: number };
const timed =
  <Args extends unknown[]>(task: (...args: Args) => void) =>
  (...args: Args): void => {
    const startedAt = performance.now();
    task(...args);
    counted.took += performance.now() - startedAt;
  };

const { setTimeout: later } = globalThis;
Object.assign(globalThis, {
  setTimeout: (task: () => void, delayMs?: number) => later(timed(task), delayMs),
});

const [add, remove] = [
  document.addEventListener.bind(document),
  document.removeEventListener.bind(document),
];
const wrapped = new Map<unknown, EventListener>();
Object.assign(document, {
  addEventListener(type: string, listener: EventListener, options?: AddEventListenerOptions) {
    const run = timed((event: Event) => {
      counted.heard += 1;
      listener(event);
    });
    wrapped.set(listener, run);
    add(type, run, options);
  },
  removeEventListener(type: string, listener: EventListener, options?: EventListenerOptions) {
    remove(type, wrapped.get(listener) ?? listener, options);
    wrapped.delete(listener);
  },
});

const client = createPresenceClient({
  url: '/presence',
  fetch: ticketFetch,
  testing: {
    transport: {
      connect(_url, events) {
        queueMicrotask(events.open);
        const send = (text: string): void =>
          queueMicrotask(() => answersTo(text).forEach((each) => events.message(each)));
        return { send, close: () => undefined };
      },
    },
  },
});
client.watchOnline();
client.on('connection', ({ status }) => {
  document.title = status;
});
client.start();
