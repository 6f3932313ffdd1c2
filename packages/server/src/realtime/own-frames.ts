import type { Command } from '@presence/core';
import type { ByeFrame, StatusFrame, VisibilityFrame } from '@presence/core/protocol';
import type { Node } from '../context.ts';
import { CLOSE, type Ending } from './ending.ts';
import type { Held } from './held.ts';
import type { Leaving } from './leaving.ts';
import type { Sessions } from './sessions.ts';

/** Frames by which a client declares something of itself, or says goodbye. */
export interface OwnFrames {
  status(held: Held, frame: StatusFrame): Promise<void>;
  visibility(held: Held, frame: VisibilityFrame): Promise<void>;
  bye(held: Held, frame: ByeFrame): Promise<void>;
}

interface Parts {
  readonly node: Node;
  readonly sessions: Sessions;
  readonly leaving: Leaving;
  readonly ending: Ending;
}

/** A leave that the store did not take is tried again after so long. */
const RETRY_MS = 1000;

export const createOwnFrames = (parts: Parts): OwnFrames => {
  const { node, sessions, leaving, ending } = parts;
  const { engine } = node;

  /** Not held any more from this moment on: its end is no news to the one who asked for it. */
  const signOut = async (held: Held): Promise<void> => {
    sessions.drop(held);
    held.leaveCause = 'signed-out';
    try {
      await leaving.now(held);
    } catch (error) {
      leaving.after(held, RETRY_MS);
      throw error;
    }
  };

  const declare = async (held: Held, command: Command): Promise<void> => {
    await engine.execute(held.key, command);
  };

  return {
    status: (held, { status, message, emoji, forMs }) => {
      const { issuedAt } = held.principal;
      return declare(
        held,
        status === null
          ? { type: 'release', source: 'user', issuedAt }
          : { type: 'claim', source: 'user', status, message, emoji, forMs, issuedAt },
      );
    },
    visibility: (held, { visibility }) =>
      declare(held, { type: 'visibility', visibility, issuedAt: held.principal.issuedAt }),
    bye: async (held, { reason }) => {
      held.leaveCause = 'page-closed';
      const { link } = held;
      if (reason === 'signed-out') await signOut(held);
      if (link) ending.close(link, CLOSE.normal, reason);
    },
  };
};
