// What is loaded where no socket gets through: a stream, and heartbeats where that does not either.
import type { Calls } from '../calls.ts';
import { openHttpLink, type Given } from './http-link.ts';
import type { LinkContext, OpenLink, PresenceLink } from './presence-link.ts';
import { openStreamLink } from './stream-link.ts';

/** A stream that does not get through so often, although the server answers, is not to be had here. */
const STREAM_FAILURES = 2;

/** How often that happened to a client, which its commands stand for. */
const failures = new WeakMap<Calls, number>();

/** Opens a stream; where it does not get through, goes on with heartbeats at once. */
export const openFallback = (context: LinkContext, given: Given): PresenceLink => {
  const { calls, clock, options } = context;
  const { transport = 'auto' } = options;
  const openStream: OpenLink = (own) => openStreamLink(own, given);
  let opened = false;
  let current: PresenceLink;

  const told: LinkContext = {
    ...context,
    opened(said, carrier, link = current) {
      opened = true;
      if (carrier !== 'http') failures.delete(calls);
      context.opened(said, carrier, link);
    },
  };
  const beat = (): PresenceLink =>
    openHttpLink(told, given, transport === 'http' ? [] : [given.openSocketLink, openStream]);
  const stream = (): PresenceLink =>
    openStream({
      ...told,
      timers: given.createTimers(clock),
      lost(failure, goodUntil, reached, movedMs) {
        const refused = !opened && reached && failure?.code === 'network';
        if (!refused || transport === 'stream') {
          return context.lost(failure, goodUntil, reached, movedMs);
        }
        failures.set(calls, (failures.get(calls) ?? 0) + 1);
        current = beat();
      },
    });
  const isGood = (failures.get(calls) ?? 0) < STREAM_FAILURES;
  current = transport === 'stream' || (transport === 'auto' && isGood) ? stream() : beat();
  return { ...current, close: (reason) => current.close(reason) };
};
