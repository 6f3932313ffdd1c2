import type { Random } from '@presence/core';
import type { Action } from './actions/action.ts';
import { BROWSER_ACTIONS } from './actions/browser.ts';
import { RAW_ACTIONS } from './actions/raw.ts';
import { ROOM_ACTIONS } from './actions/rooms.ts';
import { WORLD_ACTIONS } from './actions/world.ts';
import { createCast } from './cast.ts';
import { healEverything, letEverybodyLeave } from './endings.ts';
import { createLedger } from './ledger.ts';
import { adopt } from './oracle/adopt.ts';
import { deadlinesOf } from './oracle/deadlines.ts';
import { createOracle } from './oracle/oracle.ts';
import { PROPERTIES } from './properties/all.ts';
import {
  pick,
  ROOMS,
  TENANTS,
  type Checks,
  type Property,
  type Stage,
  type Violation,
} from './stage.ts';
import { createRoomTruth } from './room-truth.ts';
import { createTruth } from './truth.ts';
import type { Sabotage, ServerLife } from './world/server-process.ts';
import { turn } from './world/turns.ts';
import { createWorld, type World } from './world/world.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly steps: number;
  /** Default: all. */
  readonly properties?: readonly Property[];
  /** Default true. */
  readonly browsers?: boolean;
  /** A planted fault, to prove that it is found. */
  readonly sabotage?: Sabotage;
}

export interface Outcome {
  readonly seed: number;
  readonly steps: number;
  readonly violation: (Violation & { readonly step: number }) | null;
  readonly virtualMs: number;
  readonly events: number;
  readonly hash: string;
  readonly last: readonly string[];
}

const PLAIN_ACTIONS: readonly Action[] = [...RAW_ACTIONS, ...BROWSER_ACTIONS, ...WORLD_ACTIONS];

/** In so many worlds people are busy in rooms, and do so many times as much there as others. */
const TALKATIVE = { share: 0.5, factor: 4 };

type Choose = () => Action;

const createChoose = (chance: Random): Choose => {
  const factor = chance.next() < TALKATIVE.share ? TALKATIVE.factor : 1;
  const inRooms = ROOM_ACTIONS.map((action) => ({ ...action, weight: action.weight * factor }));
  const actions = [...PLAIN_ACTIONS, ...inRooms];
  const total = actions.reduce((sum, { weight }) => sum + weight, 0);
  return () => {
    let place = chance.next() * total;
    for (const action of actions) {
      place -= action.weight;
      if (place < 0) return action;
    }
    return actions[0] as Action;
  };
};

/** Mostly moments, sometimes minutes, rarely long enough for everybody to have gone. */
const anyPauseMs = (chance: Random): number => {
  const kind = chance.next();
  const part = chance.next();
  if (kind < 0.15) return 0;
  if (kind < 0.6) return Math.floor(part * 2000);
  if (kind < 0.87) return Math.floor(2000 + part * 18_000);
  if (kind < 0.993) return Math.floor(20_000 + part * 100_000);
  return Math.floor(300_000 + part * 2_000_000);
};

/** Around a deadline: readers may come just before it, at it, and before anybody else noticed. */
const AROUND = [-1, 0, 0, 1, 40, 300, 900];

const untilDeadline = ({ oracle, world, chance }: Stage): number | null => {
  const at = world.clock.now();
  const ahead = [...oracle.users()].flatMap((user) => deadlinesOf(user, at));
  const near = ahead.filter((instant) => instant - at < 150_000);
  const deadline = pick(chance, near);
  return deadline === undefined ? null : deadline - at + (pick(chance, AROUND) ?? 0);
};

/** What somebody types lasts for seconds: most of it happens within few of them. */
const isSomebodyTyping = ({ oracle, world }: Stage): boolean =>
  [...oracle.users()].some(({ typing }) =>
    [...typing.values()].some(({ until }) => until > world.clock.now()),
  );

const pauseMs = (stage: Stage): number => {
  if (isSomebodyTyping(stage) && stage.chance.next() < 0.6) {
    return Math.floor(stage.chance.next() * 2500);
  }
  const toDeadline = stage.chance.next() < 0.3 ? untilDeadline(stage) : null;
  return Math.max(0, toDeadline ?? anyPauseMs(stage.chance));
};

interface Running {
  readonly stage: Stage;
  readonly choose: Choose;
  readonly checks: readonly Checks[];
  violation(): Violation | null;
}

const watchCalm = (world: World, isCalm: () => boolean): (() => number | null) => {
  let since: number | null = null;
  return () => {
    if (!isCalm()) since = null;
    else since ??= world.clock.now();
    return since;
  };
};

const createStage = (options: SimulationOptions): Running => {
  const world = createWorld(options.seed, options.sabotage);
  const chance = world.chance();
  const oracle = createOracle(world.clock.now);
  const ledger = createLedger(oracle.tickets);
  // The oracle forgets before anything else hears of a new server.
  world.listen(oracle.listener);
  world.listen(ledger.listener);
  const cast = createCast(world, chance, {
    browsers: options.browsers !== false,
    changeClient: options.sabotage?.client ?? ((client) => client),
  });
  let violation: Violation | null = null;

  const awake = (): ServerLife | null => {
    const life = world.life();
    return life?.clock.state === 'running' ? life : null;
  };
  const stage: Stage = {
    world,
    oracle,
    ledger,
    truth: createTruth(cast.people, ledger),
    rooms: createRoomTruth(
      TENANTS.flatMap((tenant) => ROOMS.map((room) => ({ tenant, room }))),
      [...new Set(cast.people.map(({ userId }) => userId))],
      ledger,
    ),
    ...cast,
    chance,
    awake,
    presenceOf: ({ presence }, tenant) => presence.tenant(tenant),
    violate: (property, text) => {
      violation ??= { property, text };
    },
    calmSince: watchCalm(
      world,
      () => awake() !== null && cast.lines.every(({ state }) => state === 'up'),
    ),
    isHealed: false,
    note: world.journal.note,
  };
  const checks = (options.properties ?? PROPERTIES).map((property) => property.watch(stage));
  world.listen({
    started: () => {
      const life = world.life();
      stage.truth.forget();
      stage.rooms.forget();
      life?.presence.on('change', ({ tenant, presence }) =>
        stage.truth.told(tenant, presence, world.clock.now()),
      );
      if (life) for (const check of checks) check.started?.(life);
    },
  });
  return { stage, choose: createChoose(chance), checks, violation: () => violation };
};

const readAll = async (
  { world, oracle, truth, rooms, people }: Stage,
  life: ServerLife,
): Promise<void> => {
  await truth.read(life, world.clock.now());
  await rooms.read(life, world.clock.now());
  for (const person of people) {
    const known = oracle.user(person.tenant, person.userId);
    const me = truth.now(person)?.me;
    if (known.isUnsure && me) adopt(known, me, world.clock.now());
  }
};

const checkAll = async (
  { stage, checks, violation }: Running,
  moment: 'step' | 'healed' | 'empty',
): Promise<void> => {
  await turn();
  stage.calmSince();
  const asked = stage.awake();
  if (asked) await readAll(stage, asked);
  for (const check of checks) {
    const life = stage.awake();
    if (!life || violation()) return;
    await check[moment]?.(life);
  }
};

const runStep = async (running: Running): Promise<void> => {
  const { stage, choose } = running;
  const { world } = stage;
  for (let tries = 0; tries < 20; tries += 1) {
    const said = choose().act(stage);
    if (said === null) continue;
    stage.note(said);
    break;
  }
  await world.clock.advance(pauseMs(stage));
  await checkAll(running, 'step');
};

const runEnding = async (running: Running): Promise<void> => {
  await healEverything(running.stage);
  await checkAll(running, 'step');
  await checkAll(running, 'healed');
  if (running.violation()) return;
  await letEverybodyLeave(running.stage);
  await checkAll(running, 'step');
  await checkAll(running, 'empty');
};

/** Runs one seed to its end, or to the first property that does not hold. */
export const simulate = async (options: SimulationOptions): Promise<Outcome> => {
  const running = createStage(options);
  const { world } = running.stage;
  const startAt = world.clock.now();
  world.startServer();
  let step = 0;
  for (; step < options.steps && !running.violation(); step += 1) await runStep(running);
  if (!running.violation()) await runEnding(running);
  const violation = running.violation();
  const { journal } = world;
  world.killServer();
  return {
    seed: options.seed,
    steps: step,
    violation: violation && { ...violation, step },
    virtualMs: world.clock.now() - startAt,
    events: journal.length,
    hash: journal.hash(),
    last: journal.last(60),
  };
};
