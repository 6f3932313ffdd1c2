import type { PresenceClient } from '@presence/client';
import type { Random } from '@presence/core';
import { createBrowserUser } from './clients/browser-user.ts';
import type { Person } from './clients/person.ts';
import { createRawHttp } from './clients/raw-http.ts';
import { createRawSocket, type RawSocket } from './clients/raw-socket.ts';
import { ROOMS, TENANTS, type Actor } from './stage.ts';
import type { Line } from './world/network.ts';
import type { World } from './world/world.ts';

const NAMES = ['ada', 'bob', 'cem'];

/** Whoever is named here is let into these rooms and no others. */
const ROOMS_OF: Readonly<Record<string, readonly string[]>> = { cem: [ROOMS[0]] };

const personOf = (tenant: string, userId: string, issuedAt: number): Person => {
  const rooms = ROOMS_OF[userId];
  return { tenant, userId, issuedAt, ...(rooms && { rooms }) };
};

export interface Cast {
  readonly people: readonly Person[];
  readonly actors: readonly Actor[];
  readonly lines: readonly Line[];
}

export interface CastOptions {
  /** Whether some people use the real client in a virtual browser. */
  readonly browsers: boolean;
  readonly changeClient: (client: PresenceClient) => PresenceClient;
}

const createActors = (
  world: World,
  person: Person,
  chance: Random,
  options: CastOptions,
): Actor[] => {
  const line = (device: string): Line =>
    world.openLine(`${person.tenant}/${person.userId}/${device}`);
  const socket = (): RawSocket => {
    const made = createRawSocket(world, world.clock, person, line('phone'), 'phone');
    for (const room of ROOMS) {
      if (chance.next() < 0.7) made.rooms.join(room, undefined);
      if (chance.next() < 0.7) made.rooms.watch(room);
    }
    return made;
  };
  const actors: Actor[] = [];
  if (chance.next() < 0.6) {
    actors.push(createRawHttp(world, world.clock, person, line('api'), 'api'));
  }
  if (chance.next() < 0.6) {
    actors.push(socket());
  }
  if (options.browsers && (chance.next() < 0.5 || actors.length === 0)) {
    const { changeClient } = options;
    actors.push(createBrowserUser(world, person, line('web'), 'web', world.chance(), changeClient));
  }
  if (actors.length === 0) {
    actors.push(socket());
  }
  return actors;
};

/** The same names in both tenants, so that a mix-up would show. */
export const createCast = (world: World, chance: Random, options: CastOptions): Cast => {
  const people = TENANTS.flatMap((tenant) =>
    NAMES.map((userId) => personOf(tenant, userId, world.clock.now())),
  );
  const actors = people.flatMap((person) => createActors(world, person, chance, options));
  return { people, actors, lines: actors.map(({ line }) => line) };
};
