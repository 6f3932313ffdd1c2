import type { Clock, Random } from '@presence/core';

/** Carries things one way, in order. */
export interface Pipe {
  /** `lost` is called when the pipe breaks before it arrived. */
  send(task: () => void, lost?: () => void): void;
  /** What is under way is lost, and so is all that follows. */
  breakDown(): void;
  readonly isBroken: boolean;
}

/** One machine's way to the server. */
export interface Line {
  readonly name: string;
  readonly state: 'up' | 'cut';
  /** There and back; a cut ends both or neither. */
  openPipes(): { readonly up: Pipe; readonly down: Pipe };
  /** From now on nothing arrives, and nobody is told. */
  cut(): void;
  /** Each pipe that was open either delivers what waited, late, or is broken. */
  heal(): void;
  /** Pipes that are open: a leak check. */
  readonly pipes: number;
}

export interface LineOptions {
  readonly latencyMs: number;
  readonly jitterMs: number;
}

interface Waiting {
  readonly task: () => void;
  readonly lost: (() => void) | undefined;
}

/** How often a pipe survives a cut: resent segments, or an address that changed meanwhile. */
const SURVIVES = 0.5;

interface Ends extends Pipe {
  resume(): void;
}

interface PipeParts {
  readonly clock: Clock;
  isCut(): boolean;
  delayMs(): number;
  onBroken(): void;
}

const createPipe = ({ clock, isCut, delayMs, onBroken }: PipeParts): Ends => {
  const backlog: Waiting[] = [];
  const flying = new Set<Waiting>();
  let lastAt = 0;
  let isBroken = false;

  const fly = (waiting: Waiting): void => {
    const at = Math.max(lastAt, clock.now() + delayMs());
    lastAt = at;
    flying.add(waiting);
    clock.after(at - clock.now(), () => {
      flying.delete(waiting);
      if (isBroken) return;
      if (isCut()) backlog.push(waiting);
      else waiting.task();
    });
  };

  return {
    get isBroken() {
      return isBroken;
    },
    send: (task, lost) => {
      if (isBroken) lost?.();
      else if (isCut()) backlog.push({ task, lost });
      else fly({ task, lost });
    },
    breakDown: () => {
      if (isBroken) return;
      isBroken = true;
      onBroken();
      const gone = [...flying, ...backlog.splice(0)];
      for (const { lost } of gone) lost?.();
    },
    resume: () => {
      for (const waiting of backlog.splice(0)) fly(waiting);
    },
  };
};

export const createLine = (
  name: string,
  clock: Clock,
  random: Random,
  { latencyMs, jitterMs }: LineOptions,
): Line => {
  const pipes = new Set<readonly Ends[]>();
  let state: Line['state'] = 'up';

  const openPipes = (): { up: Pipe; down: Pipe } => {
    const both: Ends[] = [];
    const parts: PipeParts = {
      clock,
      isCut: () => state === 'cut',
      delayMs: () => latencyMs + Math.floor(random.next() * jitterMs),
      onBroken: () => void pipes.delete(both),
    };
    const [up, down] = [createPipe(parts), createPipe(parts)];
    both.push(up, down);
    pipes.add(both);
    return { up, down };
  };

  const heal = (): void => {
    if (state === 'up') return;
    state = 'up';
    for (const both of Array.from(pipes)) {
      const survives = random.next() < SURVIVES;
      for (const pipe of both) {
        if (survives) pipe.resume();
        else pipe.breakDown();
      }
    }
  };

  return {
    name,
    get state() {
      return state;
    },
    openPipes,
    cut: () => {
      state = 'cut';
    },
    heal,
    get pipes() {
      return pipes.size;
    },
  };
};
