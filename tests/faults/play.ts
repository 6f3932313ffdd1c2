import { AGREED_MS, AMNESTY_MS, boundsOf, holdsOf } from './check/bounds.ts';
import { check } from './check/check.ts';
import { truths } from './check/truth.ts';
import type { Violation } from './check/violations.ts';
import { wrongViews } from './check/views.ts';
import { attemptWhatIsForbidden } from './fences.ts';
import { figuresOf, type Figures } from './figures.ts';
import type { History } from './history/history.ts';
import { readAll } from './history/readers.ts';
import type { Scale } from './scale.ts';
import type { Scenario } from './scenario.ts';
import { createStage, type Stage } from './stage.ts';
import { pass, until } from './waiting.ts';

/** What came of a scenario. */
export interface Played {
  readonly violations: readonly Violation[];
  readonly figures: Figures;
  readonly logs: string;
}

/** Everything has to be settled so long after the last thing that may still happen. */
const LONGEST_MS = AMNESTY_MS.own + 75_000;
const CALM_MS = 1500;
/** Before anything is broken all have to agree. */
const CALM_WITHIN_MS = 60_000;

/** The last moment at which somebody who left may still be online. */
const lastEnd = (history: History): number => {
  let last = 0;
  for (const events of history.events) {
    for (const hold of holdsOf(events)) {
      const { most } = boundsOf(hold, history);
      if (most < Infinity) last = Math.max(last, most);
    }
  }
  return last;
};

/** What is wrong right now, if anything. */
const objection = (history: History): string | null => {
  const now = Date.now();
  const end = lastEnd(history);
  if (end + CALM_MS > now) return `leases may last for ${end + CALM_MS - now} ms`;
  const wrong = wrongViews({ ...history, endedAt: now }, truths(history)).filter(
    ({ to, watching }) => to >= now && watching.until > now,
  );
  return wrong.length > 0 ? `${wrong.length} rows are wrong` : null;
};

/** Waits until all agree, or for longer than they may take: then the check says what is wrong. */
const calmDown = async ({ history, scale }: Stage, mendedAt: number): Promise<void> => {
  await until(() => objection(history), LONGEST_MS).catch(() => undefined);
  if (scale.name === 'full') await pass(Math.max(CALM_MS, mendedAt + AGREED_MS - Date.now()));
};

export const play = async (scenario: Scenario, scale: Scale): Promise<Played> => {
  const stage = await createStage(scale, scenario.needs);
  const { history, nodes } = stage;
  try {
    await until(() => objection(history), CALM_WITHIN_MS);
    const brokenAt = Date.now();
    history.calmAt = brokenAt;
    await scenario.run(stage);
    const mendedAt = Date.now();
    await calmDown(stage, mendedAt);
    await attemptWhatIsForbidden(stage);
    for (const node of nodes.running()) await readAll(history, node);
    history.endedAt = Date.now();
    return {
      violations: check(history),
      figures: figuresOf(history, brokenAt, mendedAt),
      logs: nodes.logs(),
    };
  } catch (error) {
    throw new Error(`${scenario.name}: ${String(error)}\n${nodes.logs()}`, { cause: error });
  } finally {
    await stage.stop();
  }
};
