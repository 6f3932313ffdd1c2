import type { Socket } from 'socket.io';
import type { Presence } from '../../index.ts';
import { SocketLink, type Voice } from './socket-link.ts';

/** The link that a socket has now: one at a time, and a new one takes the place of another. */
export interface CurrentLink {
  /** Speaks by this voice from now on; what is sent waits until `accept`. */
  begin(voice: Voice): SocketLink;
  /** Hands the link to presence, then these texts, then what waited. `false`: it is over already. */
  accept(link: SocketLink, ...first: string[]): boolean;
  send(text: string): void;
  /** As when the connection is lost. */
  leave(): void;
  readonly isOpen: boolean;
}

/** Frames that may wait for a login: a client has no reason for more. */
const MOST_WAITING = 20;

export const createCurrentLink = (
  presence: Pick<Presence<never>, 'accept'>,
  socket: Socket,
): CurrentLink => {
  let link: SocketLink | null = null;
  let waiting: string[] = [];

  const leave = (): void => {
    link?.left();
    link = null;
    waiting = [];
  };

  return {
    begin: (voice) => {
      leave();
      link = new SocketLink(socket, voice);
      return link;
    },
    accept: (opened, ...first) => {
      if (opened.isOver) return false;
      opened.events = presence.accept(opened);
      for (const text of first.concat(waiting.splice(0))) opened.events.message(text);
      return true;
    },
    send: (text) => {
      if (link?.events) link.events.message(text);
      else if (waiting.length < MOST_WAITING) waiting.push(text);
      else link?.close(4429, 'rate_limited');
    },
    leave,
    get isOpen() {
      return link !== null && !link.isOver;
    },
  };
};
