import { PresenceError } from '@presence/core';
import { createSeal } from './seal.ts';

/** Where a list goes on. Opaque to clients, and good for the same list of the same tenant only. */
export interface Cursors {
  issue(list: CursorOf, after: string): string;
  /** @throws PresenceError `invalid_request` */
  open(list: CursorOf, cursor: string): string;
}

interface CursorOf {
  readonly tenant: string;
  /** Names the list with everything that selects its rows. */
  readonly list: string;
}

/** A cursor holds a user id of its tenant and no secret: a short code keeps guesses out. */
const MAC_CHARACTERS = 22;

export const createCursors = (parts: { readonly secret: string }): Cursors => {
  const { seal, open } = createSeal(parts.secret, 'presence cursor 1', MAC_CHARACTERS);
  return {
    issue: ({ tenant, list }, after) => seal([tenant, list, after]),
    open: ({ tenant, list }, cursor) => {
      const content = open(cursor) as readonly [string, string, string] | undefined;
      if (content === undefined || content[0] !== tenant || content[1] !== list) {
        throw new PresenceError(
          'invalid_request',
          'cursor: is not one of this list. Give back the nextCursor of the page before, with the same query.',
        );
      }
      return content[2];
    },
  };
};
