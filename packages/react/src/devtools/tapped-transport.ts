import type { Transport } from '@presence/client';
import type { Fields } from './describe-frame.ts';
import type { Tap } from './tapped-fetch.ts';

const tell = (tap: Tap, way: 'in' | 'out', text: string): void => {
  try {
    tap.frame(way, JSON.parse(text) as Fields);
  } catch {
    // The client says what is wrong with it.
  }
};

/** The same links, each of whose frames is told of. */
export const tapTransport = (transport: Transport, tap: Tap): Transport => ({
  connect(url, events) {
    const link = transport.connect(url, {
      ...events,
      message(text) {
        tell(tap, 'in', text);
        events.message(text);
      },
    });
    return {
      send(text) {
        tell(tap, 'out', text);
        link.send(text);
      },
      close: (code, reason) => link.close(code, reason),
    };
  },
});
