// Runs the sides of a comparison in processes of their own, so that their memory and CPU are apart, and prints figures.
import { fork, type ChildProcess } from 'node:child_process';
import { cpus } from 'node:os';

/** What a file was started as: `''` is the one that compares. */
export const role = process.argv[2]?.startsWith('role:') ? process.argv[2].slice(5) : '';

/** What the starter passed to this process. */
export const given = JSON.parse(
  process.argv[3]?.startsWith('{') ? process.argv[3] : '{}',
) as Record<string, number | string | boolean>;

export interface Side {
  /** Asks the process for something, and waits for its answer. */
  ask<Answer>(question: string, about?: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

interface Message {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

interface Asked {
  readonly id: number;
  readonly question: string;
  readonly about: never;
}

const flags = ['--expose-gc', '--conditions=@presence/source', '--no-warnings'];

const connect = (child: ChildProcess): Side => {
  const waiting = new Map<number, (message: Message) => void>();
  let asked = 0;
  child.on('message', (message: Message) => waiting.get(message.id)?.(message));
  child.on('exit', (code) => {
    for (const [id, settle] of waiting) settle({ id, error: `The process ended with ${code}.` });
  });
  return {
    ask: <Answer>(question: string, about?: unknown) =>
      new Promise<Answer>((resolve, reject) => {
        asked += 1;
        const id = asked;
        waiting.set(id, ({ answer, error }) => {
          waiting.delete(id);
          if (error === undefined) resolve(answer as Answer);
          else reject(new Error(`${question}: ${error}`));
        });
        child.send({ id, question, about });
      }),
    stop: () =>
      new Promise((resolve) => {
        waiting.clear();
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
};

/** Starts this very file in another role. */
export const start = (file: string, name: string, values: object = {}): Side =>
  connect(
    fork(file, [`role:${name}`, JSON.stringify(values)], {
      execArgv: flags,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    }),
  );

const answered = new Map<string, (about: never) => unknown>();

const answer = async ({ id, question, about }: Asked): Promise<void> => {
  const given = answered.get(question);
  if (!given) return;
  try {
    process.send?.({ id, answer: await given(about) });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
};

/** Answers what the starter asks; may be called several times. */
export const answers = (to: Record<string, (about: never) => unknown>): void => {
  if (answered.size === 0) {
    process.on('message', (asked: Asked) => void answer(asked));
    // A starter that was stopped leaves nothing running.
    process.on('disconnect', () => process.exit());
  }
  for (const [question, given] of Object.entries(to)) answered.set(question, given);
};

export const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** CPU that this process has used, in milliseconds. */
export const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

export interface Memory {
  /** What JavaScript holds: V8's heap and the buffers outside of it. */
  readonly heap: number;
}

/** After everything that can be collected was. */
export const memory = async (): Promise<Memory> => {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.();
    await wait(50);
  }
  // Not what the process has resident: that goes up and down with the pages that the collector keeps.
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed + external };
};

/** The middle one. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** The value behind this share of them: no more than the rest is above it. */
export const percentile = (values: readonly number[], share: number): number => {
  const place = Math.min(values.length - 1, Math.floor(values.length * share));
  return values.toSorted((a, b) => a - b)[place] ?? Number.NaN;
};

export const machine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, Node ${process.version}, loopback`;

/** One line for a figure with the bound that is promised of it. */
export const figure = (name: string, value: number, unit: string, bound?: string): void => {
  const text = Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
  console.log(`${name.padEnd(72)} ${text.padStart(9)} ${unit.padEnd(10)} ${bound ?? ''}`);
};
