import { nameOf } from '../../clients/person.ts';
import { membershipOf } from '../../oracle/expected-rooms.ts';
import type { Property, Stage } from '../../stage.ts';
import { onRoomFrame } from './told-rooms.ts';

interface Told {
  readonly tenant: string;
  readonly userId: string;
  readonly room: string;
  readonly at: number;
}

/** What happened so long before a frame travels in it. */
const FAN_OUT_MS = 100;

/** What a server that stood still tells then is of before. */
const AFTER_STALL_MS = 1000;

/** When somebody was told to be offline, which L2 judges: that takes them out of rooms. */
const createNotices = ({ world }: Stage) => {
  const offlineAt = new Map<string, number>();
  return {
    started: (life: NonNullable<ReturnType<Stage['awake']>>): void => {
      offlineAt.clear();
      life.presence.on('change', ({ tenant, steps, presence: { userId } }) => {
        if (!steps.some(({ status }) => status === 'offline')) return;
        offlineAt.set(nameOf({ tenant, userId }), world.clock.now());
      });
    },
    offlineAt: (told: Told): number => offlineAt.get(nameOf(told)) ?? -Infinity,
  };
};

/** Every row that somebody left is held against what was known at that instant. */
export const noFlicker: Property = {
  id: 'L2 rooms',
  title: 'nobody is told to have left a room who is in it, or came back within the grace',
  watch: (stage) => {
    const { oracle, world, violate } = stage;
    const notices = createNotices(stage);
    let suspects: Told[] = [];
    let stalledUntil = -Infinity;
    world.listen({ stalled: (_, to) => (stalledUntil = to) });
    onRoomFrame(stage, ({ tenant }, frame) => {
      const at = world.clock.now();
      if (frame.type !== 'changes' || at - stalledUntil < AFTER_STALL_MS) return;
      const { room } = frame;
      for (const [userId, status] of frame.presences) {
        if (status !== 'gone') continue;
        if (membershipOf(oracle.user(tenant, userId), room, at) !== 'in') continue;
        suspects.push({ tenant, userId, room, at });
      }
    });
    return {
      started: (life) => {
        suspects = [];
        notices.started(life);
      },
      step: () => {
        for (const told of suspects) {
          const { tenant, userId, room, at } = told;
          // Whoever left, or hid, and came back a moment before was told of as gone in between.
          const movedAt = Math.max(oracle.user(tenant, userId).touchedAt, notices.offlineAt(told));
          if (movedAt >= at - FAN_OUT_MS) continue;
          violate('L2 rooms', `${nameOf(told)} was told to have left ${room}, and is in it`);
        }
        suspects = [];
      },
    };
  },
};
