import type { Account, Status } from '@presence/core';
import * as fc from 'fast-check';
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

type Weighted<Value> = { readonly weight: number; readonly arbitrary: fc.Arbitrary<Value> };

const weighted = (weight: number, arbitrary: fc.Arbitrary<HistoryStep>): Weighted<HistoryStep> => ({
  weight,
  arbitrary,
});

/** What clients, the application and admins ask for. */
const commands: readonly Weighted<HistoryStep>[] = [
  weighted(6, step('open', { engine, user, http: fc.boolean() })),
  weighted(3, step('resume', { engine, link, http: fc.boolean() })),
  weighted(3, step('activity', { link, idleMs: fc.constantFrom(null, 0, 3000, 14_000) })),
  weighted(2, step('leave', { link, graceMs: fc.constantFrom(0, 500, 3000) })),
  weighted(
    5,
    step('claim', {
      user,
      source,
      status: fc.constantFrom<Status>('online', 'away', 'busy', 'dnd', 'offline'),
      forMs: fc.constantFrom(undefined, 1, 700, 1500, 5000),
    }),
  ),
  weighted(2, step('release', { user, source })),
  weighted(1, step('hide', { user, hidden: fc.boolean() })),
  weighted(
    1,
    step('account', { user, account: fc.constantFrom<Account>('active', 'active', 'banned') }),
  ),
  weighted(1, step('sign-out', { user })),
];

const passing = (...instants: readonly number[]) =>
  step('pass', { ms: fc.constantFrom(...instants) });

const others: readonly Weighted<HistoryStep>[] = [
  weighted(10, passing(1, 300, 499, 500, 1000, 1999, 2000, 3000, 4500, 16_000)),
  weighted(4, step('beat', { link })),
  weighted(6, step('renew', { engine })),
  weighted(1, step('crash', { engine })),
  weighted(
    3,
    step('reap', {
      engine,
      limit: fc.constantFrom(1, 100),
      spread: fc.constantFrom(0, 0.4, 0.99),
    }),
  ),
  weighted(3, step('page', {})),
  weighted(1, step('lose', {})),
  weighted(1, step('heal', {})),
];

const stops = [weighted(6, step('stop', { ms: fc.constantFrom(5001, 20_000, 120_000) }))];

const anyStep = fc.oneof(...commands, ...others);

/** A command whose commit is under way while something else happens. */
const delayed: fc.Arbitrary<readonly HistoryStep[]> = fc
  .tuple(
    step('park', {}),
    fc.oneof(...commands),
    fc.array(fc.oneof(passing(1, 300, 700, 1500, 2000), anyStep), { minLength: 1, maxLength: 3 }),
    step('deliver', { parked: fc.nat(1) }),
  )
  .map(([park, command, between, deliver]) => [park, command, ...between, deliver]);

const happening = (withStops: boolean): fc.Arbitrary<readonly HistoryStep[]> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.oneof(...commands, ...others, ...(withStops ? stops : [])).map((one) => [one]),
    },
    { weight: 2, arbitrary: delayed },
  );

/** @param withStops histories in which the store stands still at times, and grants the amnesty */
export const anyHistory = (
  mostSteps: number,
  withStops: boolean,
): fc.Arbitrary<readonly HistoryStep[]> =>
  fc
    .array(happening(withStops), { minLength: 1, maxLength: mostSteps, size: 'max' })
    .map((happenings) => happenings.flat());
