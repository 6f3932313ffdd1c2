import type { Property } from '../../stage.ts';
import { onRoomFrame } from './told-rooms.ts';

export const roomsInOrder: Property = {
  id: 'S5 rooms',
  title: 'of each member of a room, a socket is told versions that only grow',
  watch: (stage) => {
    const told = new Map<number, Map<string, number>>();
    onRoomFrame(stage, ({ tenant, userId }, frame, socket) => {
      if (frame.type === 'typing') return;
      const before = told.get(socket) ?? new Map<string, number>();
      told.set(socket, before);
      for (const [member, , version] of frame.presences) {
        const key = `${frame.room}\n${member}`;
        const last = before.get(key) ?? -1;
        before.set(key, Math.max(last, version));
        if (version >= last) continue;
        stage.violate(
          'S5 rooms',
          `socket ${socket} of ${tenant}/${userId} was told version ${version} of ${member} in ${frame.room} after version ${last}`,
        );
      }
    });
    stage.world.listen({ closed: ({ id }) => void told.delete(id) });
    return { started: () => told.clear() };
  },
};
