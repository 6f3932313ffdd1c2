import { describe, expect, it } from 'vitest';
import { ERRORS, type ErrorCode } from '@presence/core';
import { codeOf, forgetsSession, isFinal, isLogin } from './failures.ts';

const all = Object.entries(ERRORS) as [ErrorCode, (typeof ERRORS)[ErrorCode]][];

describe('what the client makes of a failure is what the catalogue says', () => {
  it.each(all)('%s', (code, { httpStatus, closeCode, retryable }) => {
    const mayBeDeployed = httpStatus === 404 || httpStatus === 405;
    expect(forgetsSession(code)).toBe(closeCode === 4409);
    expect(isFinal(code)).toBe(
      !(retryable || mayBeDeployed || forgetsSession(code) || isLogin(code)),
    );
    expect(!isLogin(code) || closeCode === 4401).toBe(true);
  });

  it('trying again may always mend the network', () => {
    expect(isFinal('network')).toBe(false);
  });

  it('L7: what a newer server or a proxy calls by a name of its own is tried again', () => {
    for (const code of ['maintenance', 'bad_gateway', 'upstream_timeout']) {
      expect(isFinal(code as ErrorCode)).toBe(false);
    }
  });

  it('an answer that names no code is judged as those of its status', () => {
    for (const status of new Set(all.map(([, { httpStatus }]) => httpStatus))) {
      const judged = all
        .filter(([, { httpStatus }]) => httpStatus === status)
        .map(([code]) => [isFinal(code), forgetsSession(code)]);
      const code = codeOf(status);
      // The few refusals of one route each are no answer of something between.
      if (![405, 412, 413, 415].includes(status)) {
        expect(judged).toContainEqual([isFinal(code), forgetsSession(code)]);
      }
    }
    for (const close of [4400, 4401, 4403, 4408, 4409, 4429]) {
      const first = all.find(([, { closeCode }]) => closeCode === close)![0];
      const code = codeOf(close - 4000);
      expect([isFinal(code), forgetsSession(code), isLogin(code)]).toEqual([
        isFinal(first),
        forgetsSession(first),
        isLogin(first),
      ]);
    }
  });
});
