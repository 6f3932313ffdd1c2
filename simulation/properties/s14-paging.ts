import { claimFor } from '../actions/app.ts';
import { pick, TENANTS, type Property, type Stage } from '../stage.ts';
import type { ServerLife } from '../world/server-process.ts';

/** Somebody who is there goes for a moment, or somebody who is not comes, who is named then. */
const disturb = async (
  stage: Stage,
  life: ServerLife,
  tenant: string,
): Promise<string | undefined> => {
  const { chance, people, presenceOf } = stage;
  const person = pick(
    chance,
    people.filter((one) => one.tenant === tenant),
  );
  if (!person || chance.next() < 0.3) return undefined;
  const presence = presenceOf(life, tenant);
  const isThere = (await presence.get(person.userId)).status !== 'offline';
  const forMs = 100 + Math.floor(chance.next() * 5000);
  const claim = isThere
    ? ({ source: 'admin', status: 'offline', forMs, holdsAbsent: false } as const)
    : ({ source: 'admin', status: 'busy', forMs, holdsAbsent: true } as const);
  stage.note(`${tenant}/${person.userId} ${isThere ? 'goes' : 'comes'} between two pages`);
  await claimFor(person, presence, stage, claim);
  return isThere ? undefined : person.userId;
};

/** Pages one list, one user at a time, while time passes; who was met, and who was there throughout. */
const walk = async (stage: Stage, life: ServerLife, tenant: string) => {
  const { world, truth, people, presenceOf, awake } = stage;
  const presence = presenceOf(life, tenant);
  const there = new Set(
    people
      .filter((person) => person.tenant === tenant)
      .filter((person) => (truth.now(person)?.public.status ?? 'offline') !== 'offline')
      .map(({ userId }) => userId),
  );
  const stop = life.presence.on('change', (change) => {
    if (change.tenant === tenant && change.presence.status === 'offline') {
      there.delete(change.presence.userId);
    }
  });
  const met: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await presence.list({ limit: 1, ...(cursor !== undefined && { cursor }) });
    met.push(...page.presences.map(({ userId }) => userId));
    cursor = page.nextCursor;
    // Who had left by time alone, and comes before anybody noticed, was not there throughout.
    there.delete((await disturb(stage, life, tenant)) ?? '');
    await world.clock.advance(Math.floor(stage.chance.next() * 400));
    if (awake() !== life) return null;
  } while (cursor !== undefined);
  stop();
  // Who left by time alone is told of by the reaper, within a second; until then reads know it.
  for (const userId of there) {
    if ((await presence.get(userId)).status === 'offline') there.delete(userId);
  }
  return { met, there };
};

export const paging: Property = {
  id: 'S14',
  title: 'paging while statuses change repeats nobody and skips nobody who is there throughout',
  watch: (stage) => ({
    step: async (life) => {
      if (stage.isHealed || stage.chance.next() > 0.15) return;
      const tenant = pick(stage.chance, TENANTS) ?? TENANTS[0];
      const walked = await walk(stage, life, tenant);
      if (!walked) return;
      const { met, there } = walked;
      if (new Set(met).size !== met.length) {
        stage.violate('S14', `paging ${tenant} repeated somebody: ${met.join(' ')}`);
      }
      const skipped = [...there].filter((userId) => !met.includes(userId));
      if (skipped.length > 0) {
        stage.violate(
          'S14',
          `paging ${tenant} met ${met.join(' ')} and skipped ${skipped.join(' ')}`,
        );
      }
    },
  }),
};
