import type { RoomAnswer, RoomMember } from '@presence/core/protocol';
import type { Ledger } from './ledger.ts';
import { standingOf, type Standing } from './clients/room-view.ts';
import type { ServerLife } from './world/server-process.ts';

/** How one room reads in this step. */
export interface RoomReading {
  readonly answer: RoomAnswer;
  readonly members: ReadonlyMap<string, Standing>;
}

/** What reads of rooms said, now and before. */
export interface RoomTruth {
  now(tenant: string, room: string): RoomReading | undefined;
  /** Since when somebody is known to stand in the room as they do, or not to be in it. */
  since(tenant: string, room: string, userId: string): number;
  /** When a standing was last seen to be so, with `undefined` for not being in the room. */
  lastTrueAt(
    tenant: string,
    room: string,
    userId: string,
    standing: Standing | undefined,
  ): number | undefined;
  read(life: ServerLife, at: number): Promise<void>;
  /** A new server: nothing of it is known. What was seen of the one before has been true. */
  forget(): void;
}

interface Place {
  readonly tenant: string;
  readonly room: string;
}

const standing = ({ status, version, meta }: RoomMember): Standing =>
  standingOf(status, version, meta);

/** Nobody of the cast: no read of theirs is in the way of anybody's limits, or changes anything. */
const createReader = () => {
  let reads = 0;
  return async ({ presence }: ServerLife, { tenant, room }: Place): Promise<RoomAnswer | null> => {
    reads += 1;
    const userId = `reader-${reads}`;
    const answer = await presence.handle({
      method: 'GET',
      path: `/rooms/${room}`,
      query: '',
      header: () => undefined,
      body: null,
      address: userId,
      raw: { login: { tenant, userId, issuedAt: 0 } },
    });
    return answer.status === 200 ? (JSON.parse(answer.body ?? '') as RoomAnswer) : null;
  };
};

export const createRoomTruth = (
  places: readonly Place[],
  names: readonly string[],
  ledger: Pick<Ledger, 'readRoom'>,
): RoomTruth => {
  const readings = new Map<string, RoomReading>();
  const sinces = new Map<
    string,
    { readonly standing: Standing | undefined; readonly at: number }
  >();
  const lastTrue = new Map<string, number>();
  const read = createReader();
  const keyOf = (...parts: readonly (string | undefined)[]): string => JSON.stringify(parts);

  const note = ({ tenant, room }: Place, { members }: RoomReading, at: number): void => {
    for (const userId of names) {
      const now = members.get(userId);
      const key = keyOf(tenant, room, userId);
      const before = sinces.get(key);
      if (!before || before.standing !== now) sinces.set(key, { standing: now, at });
      // What was so in the step before may have been so until a moment ago.
      if (before) lastTrue.set(keyOf(tenant, room, userId, before.standing), at);
      lastTrue.set(keyOf(tenant, room, userId, now), at);
    }
  };

  return {
    now: (tenant, room) => readings.get(keyOf(tenant, room)),
    since: (tenant, room, userId) => sinces.get(keyOf(tenant, room, userId))?.at ?? Infinity,
    lastTrueAt: (tenant, room, userId, of) => lastTrue.get(keyOf(tenant, room, userId, of)),
    read: async (life, at) => {
      for (const place of places) {
        const answer = await read(life, place);
        if (!answer) continue;
        ledger.readRoom(place.tenant, answer);
        const members = new Map(answer.members.map((one) => [one.userId, standing(one)]));
        const reading = { answer, members };
        readings.set(keyOf(place.tenant, place.room), reading);
        note(place, reading, at);
      }
    },
    forget: () => {
      readings.clear();
      sinces.clear();
    },
  };
};
