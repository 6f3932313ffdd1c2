import { deepEqual, equal } from 'node:assert/strict';
import { STATUSES, type Key, type Random, type Step, type UserStep } from '@presence/core';
import { createSeededRandom } from '@presence/core/testing';
import type { History, StepsQuery } from '../../history/history.ts';
import { entry, keyOf, step } from './steps.ts';

const USERS = ['ada', 'bob', 'cy', '\u{1F431}'] as const;
const TENANTS = ['acme', 'other'] as const;
const SPAN = 60;
const OPERATIONS = 25;

interface Owned {
  readonly key: Key;
  readonly step: Step;
}

const isOf = ({ key }: Owned, { tenant, userId }: Key): boolean =>
  key.tenant === tenant && key.userId === userId;

/** The contract said in the plainest way. */
const createModel = () => {
  let all: Owned[] = [];
  const erased = new Map<string, number>();
  const nameOf = ({ tenant, userId }: Key): string => `${tenant} ${userId}`;
  const of = (key: Key): Step[] => all.filter((each) => isOf(each, key)).map((each) => each.step);
  return {
    add: (key: Key, added: Step): void => {
      const isKnown = of(key).some(({ revision }) => revision === added.revision);
      if (isKnown || added.revision < (erased.get(nameOf(key)) ?? 0)) return;
      all = [...all, { key, step: added }].sort((a, b) => a.step.revision - b.step.revision);
    },
    of,
    erase: (key: Key, below: number): number => {
      const gone = of(key).length;
      all = all.filter((each) => !isOf(each, key));
      erased.set(nameOf(key), below);
      return gone;
    },
    trim: (before: number): number => {
      const kept = all.filter((each) => each.step.at >= before);
      const gone = all.length - kept.length;
      all = kept;
      return gone;
    },
    page: ({ key, from, until, order, after, limit }: StepsQuery) => {
      const inRange = of(key).filter(({ at }) => at >= from && at < until);
      const ordered = order === 'oldest' ? inRange : inRange.toReversed();
      const rest = ordered.filter(
        ({ revision }) =>
          after === null || (order === 'oldest' ? revision > after : revision < after),
      );
      return { steps: rest.slice(0, limit), more: rest.length > limit };
    },
    presentAt: (tenant: string, at: number): string[] =>
      USERS.filter((userId) => {
        const last = of(keyOf(userId, tenant)).findLast((each) => each.at < at);
        return last !== undefined && last.status !== 'offline';
      }),
    stepsOf: (tenant: string, from: number, until: number): UserStep[] =>
      all
        .filter(({ key, step: { at } }) => key.tenant === tenant && at >= from && at < until)
        .map(({ key: { userId }, step: { status, at } }) => ({ userId, status, at })),
  };
};

type Model = ReturnType<typeof createModel>;

const createDice = (random: Random) => ({
  below: (most: number): number => Math.floor(random.next() * most),
  one: <Item>(items: readonly Item[]): Item => items[Math.floor(random.next() * items.length)]!,
});

type Dice = ReturnType<typeof createDice>;

const keyFrom = (dice: Dice): Key => keyOf(dice.one(USERS), dice.one(TENANTS));

const change = async (history: History, model: Model, dice: Dice): Promise<void> => {
  const kind = dice.below(8);
  const key = keyFrom(dice);
  if (kind === 0) {
    const below = dice.below(SPAN);
    return equal(await history.erase(key, below), model.erase(key, below));
  }
  if (kind === 1) {
    const before = dice.below(SPAN / 3);
    return equal((await history.trim(before, 1000)).trimmed, model.trim(before));
  }
  const instants = new Set(Array.from({ length: 1 + dice.below(4) }, () => 1 + dice.below(SPAN)));
  const steps = [...instants].map((at) => step(at, dice.one(STATUSES)));
  await history.append([entry(key.userId, steps, key.tenant)]);
  for (const added of steps) model.add(key, added);
};

const sorted = (ids: readonly string[]): string[] => [...ids].sort();

/** Steps of one instant, of different users, may come in any order. */
const byInstant = (steps: readonly UserStep[]): string[] =>
  steps.map((each) => JSON.stringify([each.at, each.userId, each.status])).sort();

const compare = async (history: History, model: Model, dice: Dice): Promise<void> => {
  const key = keyFrom(dice);
  const { tenant } = key;
  const from = dice.below(SPAN);
  const query: StepsQuery = {
    key,
    from,
    until: from + dice.below(SPAN),
    order: dice.one(['oldest', 'newest'] as const),
    after: dice.below(3) === 0 ? dice.below(SPAN) : null,
    limit: 1 + dice.below(6),
  };
  deepEqual(await history.read(query), model.page(query));
  const last = model.of(key).findLast(({ at }) => at < from) ?? null;
  deepEqual(await history.stepBefore(key, from), last);
  deepEqual(sorted(await history.presentAt(tenant, from)), sorted(model.presentAt(tenant, from)));
  const all: UserStep[] = [];
  for await (const page of history.stepsOf(tenant, query)) all.push(...page);
  deepEqual(byInstant(all), byInstant(model.stepsOf(tenant, query.from, query.until)));
  deepEqual(
    all.map(({ at }) => at),
    all.map(({ at }) => at).sort((a, b) => a - b),
  );
};

/** Rejects where an answer is another than a plain list would give; the message names the seed. */
export const checkRandomHistories = async (
  create: () => Promise<History>,
  runs: number,
): Promise<void> => {
  for (let seed = 1; seed <= runs; seed += 1) {
    const dice = createDice(createSeededRandom(seed));
    const [history, model] = [await create(), createModel()];
    try {
      for (let done = 0; done < OPERATIONS; done += 1) {
        await change(history, model, dice);
        await compare(history, model, dice);
      }
    } catch (error) {
      throw new Error(`Random history ${seed} is not that of a list.`, { cause: error });
    }
  }
};
