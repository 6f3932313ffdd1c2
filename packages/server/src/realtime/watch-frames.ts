import { PresenceError } from '@presence/core';
import { LIMITS } from '@presence/core/protocol';
import { checkRoom } from '../rooms/access.ts';
import { ALLOW_ALL } from '../security/authorize.ts';
import type { Authorize } from '../types.ts';
import { errorOf } from './ending.ts';
import type { Held } from './held.ts';
import type { Link } from './link.ts';
import type { ReadWatch } from './read-frame.ts';
import { watchCalled, watchesOf } from './watch-list.ts';
import { idsOf, type WrittenIds } from './written-ids.ts';

/** Frames that begin, change and end watches, with their bounds and who may see whom. */
export interface WatchFrames {
  watch(link: Link, held: Held, frame: ReadWatch): Promise<void>;
  unwatch(link: Link, held: Held, id: string): void;
}

const TAKEN = 'A watch with this id exists. Unwatch it first, or choose another id.';

/** Rooms are counted for themselves: a client that watches as many users as it may goes into rooms as well. */
const checkMayBegin = (link: Link, isRoom: boolean): void => {
  const held = watchesOf(link).filter(({ room }) => (room !== null) === isRoom).length;
  const most = isRoom ? LIMITS.sessionRooms : LIMITS.watches;
  if (held < most) return;
  const of = isRoom ? 'watches of rooms' : 'watches';
  throw invalid(`A connection holds at most ${most} ${of}. End one first.`);
};

const invalid = (message: string): PresenceError => new PresenceError('invalid_request', message);

export const createWatchFrames = (authorize: Authorize): WatchFrames => {
  /** Users whom the viewer may not see read as users who were never seen: their ids go unwatched. */
  const visible = async (
    held: Held,
    ids: readonly string[] | WrittenIds,
  ): Promise<readonly string[] | WrittenIds> => {
    if (authorize === ALLOW_ALL) return ids;
    const { tenant } = held.key;
    const userIds = 'bytes' in ids ? idsOf(ids) : ids;
    const answers = userIds.map((userId) =>
      authorize(held.principal, 'users:read', { tenant, userId }),
    );
    if (answers.every((answer) => answer === true)) return userIds;
    // oxlint-disable-next-line typescript/await-thenable -- some of them are promises, as the application likes
    const allowed = await Promise.all(answers);
    return userIds.filter((_, index) => allowed[index] === true);
  };

  const watchTenant = async (link: Link, held: Held, id: string): Promise<void> => {
    const { tenant } = held.key;
    if (watchCalled(link, id)) throw invalid(TAKEN);
    if (!(await authorize(held.principal, 'online:read', { tenant }))) throw errorOf('forbidden');
    if (link.phase !== 'closed') await held.hub.watching.tenant(link, id);
  };

  const watchRoom = async (link: Link, held: Held, id: string, room: string): Promise<void> => {
    if (watchCalled(link, id)) throw invalid(TAKEN);
    await checkRoom({ authorize }, held.principal, 'room:read', room);
    const { rooms, watching } = held.hub;
    await rooms.ready();
    if (link.phase !== 'closed') await watching.room(link, id, rooms.of(room));
  };

  const watchUsers = async (link: Link, held: Held, frame: ReadWatch): Promise<void> => {
    const { id, add = [], remove = [] } = frame;
    const watch = watchCalled(link, id);
    if (watch?.isTenant || watch?.room) {
      throw invalid('The watch with this id is about no users. Choose another id.');
    }
    const before = watch?.group.numbers.length ?? 0;
    const added = 'bytes' in add ? add.count : add.length;
    if (before + added > LIMITS.watchUsers + remove.length) {
      throw invalid(`A watch holds at most ${LIMITS.watchUsers} users. Begin another one.`);
    }
    const shown = await visible(held, add);
    // It may be gone by then: nobody would end the watch.
    if (link.phase !== 'closed') await held.hub.watching.users(link, id, shown, remove);
  };

  const watch: WatchFrames['watch'] = async (link, held, frame) => {
    if (link.slow !== null) throw errorOf('too_slow');
    if (!watchCalled(link, frame.id)) checkMayBegin(link, frame.room !== undefined);
    if (frame.tenant) await watchTenant(link, held, frame.id);
    else if (frame.room !== undefined) await watchRoom(link, held, frame.id, frame.room);
    else await watchUsers(link, held, frame);
  };

  const unwatch: WatchFrames['unwatch'] = (link, held, id) => {
    const watch = watchCalled(link, id);
    if (watch) held.hub.watching.end(watch);
  };

  return { watch, unwatch };
};
