import { act, cleanup } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { createScriptedClient } from '@presence/client/testing';
import { renderWith } from '../../test-fixtures/render-with.tsx';
import { TypingIndicator } from '../components/typing-indicator.tsx';
import { useRoom } from './use-room.ts';
import { useTyping, type Typing } from './use-typing.ts';

afterEach(cleanup);

describe('useRoom', () => {
  it('is in the room while it is mounted, once for two components', () => {
    const client = createScriptedClient();
    const Members = (): ReactNode =>
      useRoom('kitchen')
        .members.map(({ userId }) => userId)
        .join();
    const view = renderWith(
      client,
      <>
        <Members /> <Members />
      </>,
    );
    expect(client.calls.filter((call) => call.includes('room'))).toEqual(['watch room kitchen']);
    act(() =>
      client.putRoom('kitchen', { members: [{ userId: 'ada', status: 'online', version: 1 }] }),
    );
    expect(view.container.textContent).toBe('ada ada');
    view.unmount();
    expect(client.calls.at(-1)).toContain('room kitchen');
    expect(client.listeners()).toBe(0);
  });

  it('says of the session what it is given, anew when that is another, and renders none for it', () => {
    const client = createScriptedClient();
    let renders = 0;
    const Page = ({ page }: { page: number }): ReactNode => {
      renders += 1;
      const count = useRoom('book', (state) => state.count, { meta: { page } });
      return <>{useRoom('book', { meta: 'there' }).count + count}</>;
    };
    const view = renderWith(client, <Page page={1} />);
    const before = renders;
    view.rerender(<Page page={1} />);
    view.rerender(<Page page={2} />);
    expect(renders).toBe(before + 2);
    expect(client.calls.filter((call) => call.startsWith('say'))).toEqual([
      'say {"page":1} in book',
      'say "there" in book',
      'say {"page":2} in book',
    ]);
    expect(client.watched()).toEqual({ 'room book': 2 });
    view.unmount();
    expect(client.watched()).toEqual({});
  });

  it('renders only for what is selected', () => {
    const client = createScriptedClient();
    let renders = 0;
    const Count = (): ReactNode => {
      renders += 1;
      return useRoom('kitchen', ({ count }) => count);
    };
    renderWith(client, <Count />);
    const before = renders;
    act(() => client.putRoom('kitchen', { count: 0, typing: ['ada'] }));
    expect(renders).toBe(before);
    act(() => client.putRoom('kitchen', { count: 2 }));
    expect(renders).toBeGreaterThan(before);
  });
});

describe('useTyping and TypingIndicator', () => {
  it('show who types, and say that one types oneself', () => {
    const client = createScriptedClient();
    let seen: Typing | undefined;
    const Probe = (): ReactNode => {
      seen = useTyping('kitchen');
      return <TypingIndicator room="kitchen" getName={(id) => id.toUpperCase()} />;
    };
    const { getByRole } = renderWith(client, <Probe />);
    expect(getByRole('status').textContent).toBe('');
    const told = (typing: string[]) => {
      act(() => client.putRoom('kitchen', { typing }));
      return getByRole('status').textContent;
    };
    expect(told(['ada'])).toBe('ADA is typing…');
    expect(told(['ada', 'bob'])).toBe('ADA and BOB are typing…');
    expect(told(['ada', 'bob', 'cem'])).toBe('Several people are typing…');
    expect(seen?.typing).toEqual(['ada', 'bob', 'cem']);
    seen?.startTyping();
    seen?.stopTyping();
    expect(client.calls.slice(-2)).toEqual(['startTyping kitchen', 'stopTyping kitchen']);
  });
});
