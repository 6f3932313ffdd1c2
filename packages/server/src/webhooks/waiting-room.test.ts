import { describe, expect, it } from 'vitest';
import { createWaitingRoom } from './waiting-room.ts';

const setup = (most: number) => {
  const dropped: string[] = [];
  const room = createWaitingRoom<{ lane: string; name: string }>(most, ({ name }) => {
    dropped.push(name);
  });
  return { room, dropped, add: (lane: string, name: string) => room.add({ lane, name }) };
};

describe('S20: what waits has a bound; when it is reached', () => {
  it('an older one of the same lane goes, and the latest stays', () => {
    const { room, dropped, add } = setup(3);
    const ada = add('ada', 'a1');
    add('ada', 'a2');
    add('grace', 'g1');
    add('ada', 'a3');
    expect(dropped).toEqual(['a1']);
    expect(ada?.items.map(({ name }) => name)).toEqual(['a2', 'a3']);
    expect(room.size).toBe(3);
  });

  it('never one that is being worked on', () => {
    const { dropped, add } = setup(2);
    const ada = add('ada', 'a1');
    if (ada) ada.isBusy = true;
    add('ada', 'a2');
    add('ada', 'a3');
    expect(dropped).toEqual(['a2']);
  });

  it('of another lane one that has a newer behind it', () => {
    const { dropped, add } = setup(3);
    add('grace', 'g1');
    add('ada', 'a1');
    add('ada', 'a2');
    add('linus', 'l1');
    expect(dropped).toEqual(['a1']);
  });

  it('the oldest of all, where each is the only one of its lane', () => {
    const { room, dropped, add } = setup(2);
    add('ada', 'a1');
    add('grace', 'g1');
    add('linus', 'l1');
    expect(dropped).toEqual(['a1']);
    expect(room.size).toBe(2);
  });
});
