import type { BrowserUser, Page } from '../clients/browser-user.ts';
import type { Stage } from '../stage.ts';

/** Clients on heartbeats ask again with each beat, and hidden pages beat once a minute. */
const POLLED_WITHIN_MS = 65_000;
const TOLD_WITHIN_MS = 5000;

/** Pages that can know what is so. */
export interface Linked {
  /** A page without input finds out after minutes that its link died in silence: S18 bounds that. */
  isLinked(page: Page, user: BrowserUser): boolean;
  /** What has been so for so long, the page shows. */
  shownWithinMs(page: Page): number;
}

export const createLinked = ({ world }: Stage): Linked => {
  const open = new Map<number, string>();
  world.listen({
    frameOut: ({ id, line }) => void open.set(id, line),
    closed: ({ id }) => void open.delete(id),
    started: () => open.clear(),
  });
  return {
    isLinked: ({ state, client }, { line }) => {
      const { status, transport } = client.getConnection();
      if ((state !== 'shown' && state !== 'hidden') || status !== 'connected') return false;
      return transport === 'http' || [...open.values()].includes(line.name);
    },
    shownWithinMs: ({ client }) =>
      client.getConnection().transport === 'websocket' ? TOLD_WITHIN_MS : POLLED_WITHIN_MS,
  };
};
