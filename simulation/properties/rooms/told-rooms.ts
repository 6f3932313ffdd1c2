import type { RoomFrame } from '../../clients/room-view.ts';
import type { Stage } from '../../stage.ts';
import type { Login } from '../../world/server-process.ts';

/** Frames of rooms, as they leave the server, with whom they are for. */
export const onRoomFrame = (
  { world, ledger }: Stage,
  heard: (owner: Login, frame: RoomFrame, socket: number) => void,
): void =>
  world.listen({
    frameOut: ({ id }, text) => {
      if (!text.includes('"room":')) return;
      const frame = JSON.parse(text) as RoomFrame;
      const owner = ledger.ownerOf(id);
      if (owner && frame.room !== undefined) heard(owner, frame, id);
    },
  });
