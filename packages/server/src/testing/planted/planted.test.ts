import { expect, it } from 'vitest';
import { CHECKS } from '../suite/checks.ts';
import { checkProperty } from '../suite/property.ts';
import { onStage } from '../suite/stage.ts';
import { PLANTED } from './planted.ts';

it.each(PLANTED)('$bug', { timeout: 100_000 }, async ({ bug, subject }) => {
  const by: string[] = [];
  for (const check of Object.values(CHECKS).flat()) {
    await onStage(subject, check.run).catch(() => by.push(check.name));
  }
  let why = 'NOT';
  const t = performance.now();
  await checkProperty(subject, { runs: 200, seed: 1, shrink: false }).catch((e: Error) => {
    why = /tests/.exec(e.message) ? String((e.cause as Error)?.message).split('\n')[0]! : e.message;
  });
  console.log(
    `${bug}\n   ${by.length}: ${by.slice(0, 3).join(' | ')}\n   histories (${Math.round(performance.now() - t)} ms): ${why}`,
  );
  expect(by.length).toBeGreaterThan(0);
});
