import { APP_ACTIONS } from '../actions/world.ts';
import { pick, TENANTS, type Property, type Stage } from '../stage.ts';
import type { ServerLife } from '../world/server-process.ts';

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
    const action = stage.chance.next() < 0.5 ? pick(stage.chance, APP_ACTIONS) : undefined;
    const said = action?.act(stage);
    if (said) stage.note(`${said}, between two pages`);
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
