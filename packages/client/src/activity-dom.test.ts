import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '@presence/core/testing';
import { createDomActivity } from './activity-dom.ts';

/** A document that knows who listens. */
const createPage = () => {
  const held = new Map<string, EventListener>();
  return {
    visibilityState: 'visible',
    addEventListener: (type: string, listener: EventListener) => void held.set(type, listener),
    removeEventListener: (type: string) => void held.delete(type),
    dispatchEvent: (event: Event) => held.get(event.type)?.(event),
    listeners: () => held.size,
  };
};

describe('activity of the page', () => {
  it('listens once, rests for a second, and listens again', async () => {
    const clock = createVirtualClock();
    const page = createPage();
    const source = createDomActivity(page as unknown as Document);
    let inputs = 0;
    const stop = source.start(() => (inputs += 1), clock);
    const armed = page.listeners();
    expect(armed).toBeGreaterThan(3);
    expect(clock.pending()).toBe(0);
    for (let move = 0; move < 100; move += 1) page.dispatchEvent(new Event('pointermove'));
    page.dispatchEvent(new Event('keydown'));
    expect(inputs).toBe(1);
    expect(page.listeners()).toBe(0);
    await clock.advance(1000);
    expect(page.listeners()).toBe(armed);
    page.dispatchEvent(new Event('wheel'));
    expect(inputs).toBe(2);
    stop();
    await clock.advance(5000);
    expect(page.listeners()).toBe(0);
    expect(clock.pending()).toBe(0);
  });

  it('S16: a page that scrolls itself is not input', () => {
    const page = createPage();
    const source = createDomActivity(page as unknown as Document);
    let inputs = 0;
    source.start(() => (inputs += 1), createVirtualClock());
    page.dispatchEvent(new Event('scroll'));
    page.dispatchEvent(new Event('mousemove'));
    expect(inputs).toBe(0);
  });
});
