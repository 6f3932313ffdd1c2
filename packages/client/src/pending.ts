import type { Clock } from '@presence/core';
import type { Command, Done, PresenceLink } from './transports/presence-link.ts';

/** How long a command may wait for a link. A status set a minute late would surprise. */
export const COMMAND_MS = 15_000;

/** Commands that no answer has come for. They say what shall be, so sending one twice does no harm. */
export interface Pending {
  add(command: Command, done: Done, link: PresenceLink | null): void;
  /** A new link: whatever the old one left unanswered goes out again. */
  resend(link: PresenceLink): void;
}

export const createPending = (clock: Clock): Pending => {
  const held = new Set<{
    readonly command: Command;
    readonly until: number;
    readonly done: Done;
  }>();
  return {
    add(command, tell, link) {
      const entry = {
        command,
        until: clock.now() + COMMAND_MS,
        done: (error: Parameters<Done>[0]) => {
          if (held.delete(entry)) tell(error);
        },
      };
      held.add(entry);
      link?.submit(command, entry.done);
    },
    resend(link) {
      for (const entry of held) {
        if (clock.now() < entry.until) link.submit(entry.command, entry.done);
        else held.delete(entry);
      }
    },
  };
};
