import type { Account, Status } from '@presence/core';
import fc from 'fast-check';
import { KEYS } from './users.ts';

/** One thing that happens. Numbers choose among what there is when it happens. */
export type HistoryStep =
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'open'; readonly engine: number; readonly user: number; readonly http: boolean }
  | {
      readonly do: 'resume';
      readonly engine: number;
      readonly link: number;
      readonly http: boolean;
    }
  | { readonly do: 'beat'; readonly link: number }
  | { readonly do: 'activity'; readonly link: number; readonly idleMs: number | null }
  | { readonly do: 'leave'; readonly link: number; readonly graceMs: number }
  | { readonly do: 'renew'; readonly engine: number }
  | { readonly do: 'crash'; readonly engine: number }
  | {
      readonly do: 'claim';
      readonly user: number;
      readonly source: string;
      readonly status: Status;
      readonly forMs: number | undefined;
    }
  | { readonly do: 'release'; readonly user: number; readonly source: string }
  | { readonly do: 'hide'; readonly user: number; readonly hidden: boolean }
  | { readonly do: 'account'; readonly user: number; readonly account: Account }
  | { readonly do: 'sign-out'; readonly user: number }
  | {
      readonly do: 'reap';
      readonly engine: number;
      readonly limit: number;
      readonly spread: number;
    }
  /** Nobody is there, not even for the pulse. */
  | { readonly do: 'stop'; readonly ms: number }
  /** The next command is loaded and applied now, and committed by a later `deliver`. */
  | { readonly do: 'park' }
  | { readonly do: 'deliver'; readonly parked: number }
  /** One page of a list that is read while everything changes. */
  | { readonly do: 'page' }
  /** Messages are lost until the next `heal`. */
  | { readonly do: 'lose' }
  | { readonly do: 'heal' };

const engine = fc.nat(2);
/** One user more than others, so that commands meet. */
const user = fc.oneof(fc.constant(0), fc.nat(KEYS.length - 1));
const link = fc.nat(11);
type Parts<Name> = Omit<Extract<HistoryStep, { do: Name }>, 'do'>;

const step = <Name extends HistoryStep['do']>(
  name: Name,
  parts: { [Part in keyof Parts<Name>]: fc.Arbitrary<Parts<Name>[Part]> },
) => fc.record({ do: fc.constant(name), ...parts }) as unknown as fc.Arbitrary<HistoryStep>;

const source = fc.constantFrom('user', 'calendar', 'call', 'admin');

type Weighted = { readonly weight: number; readonly arbitrary: fc.Arbitrary<HistoryStep> };

const usual: readonly Weighted[] = [
  {
    weight: 10,
    arbitrary: step('pass', {
      ms: fc.constantFrom(1, 1, 300, 499, 500, 700, 1000, 1999, 2000, 3000, 4500, 16_000),
    }),
  },
  { weight: 6, arbitrary: step('open', { engine, user, http: fc.boolean() }) },
  { weight: 3, arbitrary: step('resume', { engine, link, http: fc.boolean() }) },
  { weight: 4, arbitrary: step('beat', { link }) },
  {
    weight: 3,
    arbitrary: step('activity', { link, idleMs: fc.constantFrom(null, 0, 3000, 14_000) }),
  },
  { weight: 2, arbitrary: step('leave', { link, graceMs: fc.constantFrom(0, 500, 3000) }) },
  { weight: 6, arbitrary: step('renew', { engine }) },
  { weight: 1, arbitrary: step('crash', { engine }) },
  {
    weight: 4,
    arbitrary: step('claim', {
      user,
      source,
      status: fc.constantFrom<Status>('online', 'away', 'busy', 'dnd', 'offline'),
      forMs: fc.constantFrom(undefined, 1, 700, 1500, 5000),
    }),
  },
  { weight: 1, arbitrary: step('release', { user, source }) },
  { weight: 1, arbitrary: step('hide', { user, hidden: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: step('account', {
      user,
      account: fc.constantFrom<Account>('active', 'active', 'banned'),
    }),
  },
  { weight: 1, arbitrary: step('sign-out', { user }) },
  {
    weight: 3,
    arbitrary: step('reap', {
      engine,
      limit: fc.constantFrom(1, 100),
      spread: fc.constantFrom(0, 0.4, 0.99),
    }),
  },
  { weight: 4, arbitrary: step('park', {}) },
  { weight: 4, arbitrary: step('deliver', { parked: fc.nat(3) }) },
  { weight: 3, arbitrary: step('page', {}) },
  { weight: 1, arbitrary: step('lose', {}) },
  { weight: 1, arbitrary: step('heal', {}) },
];

const stops: readonly Weighted[] = [
  { weight: 4, arbitrary: step('stop', { ms: fc.constantFrom(5001, 20_000, 120_000) }) },
];

/** @param withStops histories in which the store stands still at times, and grants the amnesty */
export const anyHistory = (mostSteps: number, withStops: boolean): fc.Arbitrary<HistoryStep[]> =>
  fc.array(fc.oneof(...usual, ...(withStops ? stops : [])), {
    minLength: 1,
    maxLength: mostSteps,
    size: 'max',
  });
