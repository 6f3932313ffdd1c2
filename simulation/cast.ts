import type { PresenceClient } from '@presence/client';
import type { Random } from '@presence/core';
import { createBrowserUser } from './clients/browser-user.ts';
import type { Person } from './clients/person.ts';
import { createRawHttp } from './clients/raw-http.ts';
import { createRawSocket } from './clients/raw-socket.ts';
import { TENANTS, type Actor } from './stage.ts';
import type { Line } from './world/network.ts';
import type { World } from './world/world.ts';

const NAMES = ['ada', 'bob', 'cem'];

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
  const actors: Actor[] = [];
  if (chance.next() < 0.6) {
    actors.push(createRawHttp(world, world.clock, person, line('api'), 'api'));
  }
  if (chance.next() < 0.6) {
    actors.push(createRawSocket(world, world.clock, person, line('phone'), 'phone'));
  }
  if (options.browsers && (chance.next() < 0.5 || actors.length === 0)) {
    const { changeClient } = options;
    actors.push(createBrowserUser(world, person, line('web'), 'web', world.chance(), changeClient));
  }
  if (actors.length === 0) {
    actors.push(createRawSocket(world, world.clock, person, line('phone'), 'phone'));
  }
  return actors;
};

/** The same names in both tenants, so that a mix-up would show. */
export const createCast = (world: World, chance: Random, options: CastOptions): Cast => {
  const people = TENANTS.flatMap((tenant) =>
    NAMES.map((userId): Person => ({ tenant, userId, issuedAt: world.clock.now() })),
  );
  const actors = people.flatMap((person) => createActors(world, person, chance, options));
  return { people, actors, lines: actors.map(({ line }) => line) };
};
