import type { Login } from '../world/server-process.ts';

/** Somebody with an account in the application. Two tenants have people of the same names. */
export interface Person {
  readonly tenant: string;
  readonly userId: string;
  /** When the login that this person uses now was issued. */
  issuedAt: number;
  /** The only rooms that the application lets them see and go into; absent: all. */
  readonly rooms?: readonly string[];
}

export const loginOf = ({ tenant, userId, issuedAt, rooms }: Person): Login => ({
  tenant,
  userId,
  issuedAt,
  rooms,
});

export const mayEnter = ({ rooms }: Pick<Login, 'rooms'>, room: string): boolean =>
  rooms === undefined || rooms.includes(room);

export const nameOf = ({ tenant, userId }: Pick<Person, 'tenant' | 'userId'>): string =>
  `${tenant}/${userId}`;
