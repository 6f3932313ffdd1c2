import { describe, expect, it } from 'vitest';
import { COMPACT_ROWS, FULL_ROWS, roomModeFor } from './room-mode.ts';

describe('how much is told of a room', () => {
  it('goes by its size', () => {
    const counts = [0, FULL_ROWS, FULL_ROWS + 1, COMPACT_ROWS, COMPACT_ROWS + 1];
    expect(counts.map((count) => roomModeFor(count, 'full'))).toEqual([
      'full',
      'full',
      'compact',
      'compact',
      'count',
    ]);
  });

  it('does not go to and fro around a bound', () => {
    expect(roomModeFor(FULL_ROWS, 'compact')).toBe('compact');
    expect(roomModeFor(FULL_ROWS * 0.9, 'compact')).toBe('full');
    expect(roomModeFor(COMPACT_ROWS, 'count')).toBe('count');
    expect(roomModeFor(COMPACT_ROWS * 0.9, 'count')).toBe('compact');
    expect(roomModeFor(FULL_ROWS, 'count')).toBe('compact');
    expect(roomModeFor(0, 'count')).toBe('full');
  });
});
