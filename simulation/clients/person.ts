import type { Login } from '../world/server-process.ts';

/** Somebody with an account in the application. Two tenants have people of the same names. */
export interface Person {
  readonly tenant: string;
  readonly userId: string;
  /** When the login that this person uses now was issued. */
  issuedAt: number;
}

export const loginOf = ({ tenant, userId, issuedAt }: Person): Login => ({
  tenant,
  userId,
  issuedAt,
});

export const nameOf = ({ tenant, userId }: Person): string => `${tenant}/${userId}`;
