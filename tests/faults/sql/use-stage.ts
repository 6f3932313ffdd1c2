import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import { leftOver } from '../../services/guarded.ts';
import { serviceOrReason } from '../../services/missing-service.ts';
import { closeRequests } from '../crowd/ask.ts';
import { startStage, type Stage } from './stage.ts';

/** A stage of its own for each test of a suite; no process is left when all are over. */
export const useStage = (...how: Parameters<typeof startStage>) => {
  let stage: Stage;
  let missing: string | undefined;

  beforeEach(async () => {
    const found = await serviceOrReason(() => startStage(...how));
    missing = 'missing' in found ? found.missing : undefined;
    if ('service' in found) stage = found.service;
  });
  afterEach(async () => {
    if (missing === undefined) await stage.stop();
  });
  afterAll(() => {
    closeRequests();
    expect(leftOver()).toEqual([]);
  });

  return {
    /** Why there is no stage on this machine. */
    missing: () => missing,
    stage: () => stage,
  };
};
