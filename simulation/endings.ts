import type { Stage } from './stage.ts';

/** All lines up, the server running, machines awake; then so long as everybody is promised to need. */
export const healEverything = async (stage: Stage): Promise<void> => {
  const { world, lines, actors } = stage;
  stage.note('everything is healed');
  for (const actor of actors) {
    if (actor.kind !== 'browser') continue;
    if (actor.state === 'asleep') actor.wake();
    if (actor.state === 'offline') actor.goOnline();
  }
  for (const line of lines) if (line.state === 'cut') world.heal(line);
  world.wakeServer();
  if (!world.life()) world.startServer();
  await letEverybodyIn(stage);
  await world.clock.advance(90_000);
  stage.isHealed = true;
};

/** Nobody is kept away on purpose: accounts are active, logins fresh, and who had stopped begins anew. */
const letEverybodyIn = async (stage: Stage): Promise<void> => {
  const { world, people, actors, oracle } = stage;
  // What waited for a server that stood still is worked through first.
  await world.clock.advance(100);
  const life = stage.awake();
  for (const person of people) {
    person.issuedAt = world.clock.now();
    await life?.presence.tenant(person.tenant).setAccount(person.userId, 'active');
    const known = oracle.user(person.tenant, person.userId);
    known.account = 'active';
    known.touchedAt = world.clock.now();
  }
  for (const actor of actors) {
    if (actor.kind === 'browser') for (const { client } of actor.pages) client.start();
    else if (actor.kind === 'socket') actor.start();
  }
};

/** Everybody goes, and everything that was held for them may be given back. */
export const letEverybodyLeave = async (stage: Stage): Promise<void> => {
  const { world, actors } = stage;
  stage.note('everybody leaves');
  for (const actor of actors) {
    if (actor.kind === 'http') actor.vanish();
    else if (actor.kind === 'socket') actor.drop(true);
    else for (const page of actor.pages.slice()) actor.closePage(page, 'closed');
  }
  await world.clock.advance(240_000);
};
