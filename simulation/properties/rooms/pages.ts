import type { Page } from '../../clients/browser-user.ts';
import { standingOf, type Standing } from '../../clients/room-view.ts';

/** How a page shows somebody in a room; `undefined`: not there. */
export const shownIn = (page: Page, room: string, userId: string): Standing | undefined => {
  const { members } = page.client.room(room).getSnapshot();
  const member = members.find((one) => one.userId === userId);
  return member && standingOf(member.status, member.version, member.meta);
};
