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
  await world.clock.advance(90_000);
  stage.isHealed = true;
};

/** Everybody goes, and everything that was held for them may be given back. */
export const letEverybodyLeave = async (stage: Stage): Promise<void> => {
  const { world, actors } = stage;
  stage.note('everybody leaves');
  for (const actor of actors) {
    if (actor.kind === 'http') actor.vanish();
    else if (actor.kind === 'socket') actor.drop(true);
    else for (const page of [...actor.pages]) actor.closePage(page, 'closed');
  }
  await world.clock.advance(240_000);
};
