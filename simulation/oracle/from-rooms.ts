import type { Json } from '@presence/core/protocol';
import type { KnownSession, KnownUser } from './facts.ts';
import { TYPING_MS } from './timing.ts';

/** What a client asks of a room, however it travels. */
export type RoomRequest =
  | { readonly type: 'join'; readonly room: string; readonly meta?: Json | undefined }
  | { readonly type: 'leave'; readonly room: string }
  | { readonly type: 'typing'; readonly room: string; readonly state: boolean };

const textOf = (meta: Json | undefined): string | null =>
  meta === undefined ? null : JSON.stringify(meta);

/** It arrived, whatever becomes of it: whoever says that they type may be shown so from now on. */
export const arrivedInRoom = (user: KnownUser, request: RoomRequest, at: number): void => {
  if (request.type !== 'typing' || !request.state) return;
  user.typing.set(request.room, { saidAt: at, until: at + TYPING_MS, isSure: false });
};

/** It was acknowledged. */
export const learnFromRoom = (
  user: KnownUser,
  session: KnownSession | undefined,
  request: RoomRequest,
  at: number,
): void => {
  const { room } = request;
  if (request.type === 'typing') {
    if (request.state) user.typing.set(room, { saidAt: at, until: at + TYPING_MS, isSure: true });
    else user.typing.delete(room);
  } else if (request.type === 'leave') session?.rooms.delete(room);
  else session?.rooms.set(room, { meta: textOf(request.meta), isSure: true });
};

/** Its answer never came: it may have happened or not. */
export const unansweredInRoom = (session: KnownSession, request: RoomRequest): void => {
  if (request.type === 'typing') return;
  session.rooms.set(request.room, { meta: null, isSure: false });
};
