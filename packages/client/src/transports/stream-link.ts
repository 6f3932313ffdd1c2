import type { Timers } from '../timers.ts';
import type { LinkContext, OpenLink, PresenceLink } from './presence-link.ts';
import { streamTransport } from './stream.ts';
import { createUpgrade } from './upgrade.ts';

/** Given, not imported: what this file shares with the rest would be a file of its own, loaded by all. */
interface Given {
  readonly openSocketLink: OpenLink;
  readonly createTimers: (clock: LinkContext['clock']) => Timers;
}

/** The realtime protocol over a stream, until a socket gets through. */
export const openStreamLink = (context: LinkContext, given: Given): PresenceLink => {
  const { openSocketLink, createTimers } = given;
  const ways = context.options.transport === 'stream' ? [] : [openSocketLink];
  const upgrade = createUpgrade(context, createTimers, ways, () => inner.close());
  const inner = openSocketLink({
    ...context,
    transport: streamTransport(context, createTimers),
    opened(said) {
      upgrade.later(said.sessionId);
      context.opened(said, 'stream', link);
    },
    lost: (...how) => upgrade.unlessUnderWay(() => context.lost(...how)),
  });
  const link: PresenceLink = {
    ...inner,
    upgrade: upgrade.upgrade,
    // Without a word: the goodbye goes by a request that outlives the page.
    close() {
      upgrade.stop();
      inner.close();
    },
  };
  return link;
};
