import { act, cleanup } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { createScriptedClient } from '@presence/client/testing';
import { renderWith } from '../../test-fixtures/render-with.tsx';
import { useConnection } from './use-connection.ts';
import { useIdle } from './use-idle.ts';
import { useMyPresence } from './use-my-presence.ts';
import { useOnlineCount, useOnlineUsers } from './use-online.ts';

afterEach(cleanup);

/** Each value that the hook returned, one a render. */
const valuesOf = <Value,>(useIt: () => Value) => {
  const client = createScriptedClient();
  const values: Value[] = [];
  const Probe = (): ReactNode => {
    values.push(useIt());
    return null;
  };
  return { client, values, view: renderWith(client, <Probe />), again: <Probe /> };
};

describe('useMyPresence', () => {
  it('shows the own view and changes it', async () => {
    const { client, values } = valuesOf(useMyPresence);
    expect(values.at(-1)?.presence.status).toBe('unknown');
    act(() => client.putMe({ userId: 'me', status: 'online' }));
    expect(values.at(-1)?.presence).toBe(client.getMe());
    await values.at(-1)?.setStatus('busy', { forMs: 60_000 });
    await values.at(-1)?.clearStatus();
    await values.at(-1)?.setVisibility('hidden');
    expect(client.calls.slice(1)).toEqual([
      'setStatus busy {"forMs":60000}',
      'clearStatus',
      'setVisibility hidden',
    ]);
  });

  it('keeps its calls, and the whole, while nothing has changed', () => {
    const { client, values, view, again } = valuesOf(useMyPresence);
    const first = values.at(-1);
    view.rerender(again);
    expect(values.at(-1)).toBe(first);
    act(() => client.putMe({ status: 'away' }));
    expect(values.at(-1)?.setStatus).toBe(first?.setStatus);
  });

  it('passes a refusal on', async () => {
    const { client, values } = valuesOf(useMyPresence);
    client.failNext(new Error('refused'));
    await expect(values.at(-1)?.clearStatus()).rejects.toThrow('refused');
  });
});

describe('useOnlineUsers and useOnlineCount', () => {
  it('watch everybody while they are mounted', () => {
    const { client, values, view } = valuesOf(useOnlineUsers);
    expect(client.onlineWatches()).toBe(1);
    act(() => client.putOnline({ ada: 'online', bob: 'away' }));
    expect(values.at(-1)).toBe(client.getOnline());
    view.unmount();
    expect(client.onlineWatches()).toBe(0);
    expect(client.listeners()).toBe(0);
  });

  it('S18: a count that is not known is null, not 0', () => {
    const { client, values } = valuesOf(useOnlineCount);
    expect(values.at(-1)).toBeNull();
    act(() => client.putOnline({}));
    expect(values.at(-1)).toBe(0);
  });

  it('render only when what is selected has changed', () => {
    const { client, values } = valuesOf(() =>
      useOnlineUsers(({ users }) => users.some(({ userId }) => userId === 'ada')),
    );
    act(() => client.putOnline({ ada: 'online' }));
    const before = values.length;
    act(() => client.putOnline({ ada: 'away', bob: 'online' }));
    expect(values).toHaveLength(before);
    act(() => client.putOnline({ bob: 'online' }));
    expect(values.at(-1)).toBe(false);
  });

  it('count without a render for a change of status', () => {
    const { client, values } = valuesOf(useOnlineCount);
    act(() => client.putOnline({ ada: 'online' }));
    const before = values.length;
    act(() => client.putOnline({ ada: 'away' }));
    expect(values).toHaveLength(before);
  });
});

describe('useConnection and useIdle', () => {
  it('follow the client', () => {
    const { client, values } = valuesOf(() => [useConnection(), useIdle()] as const);
    expect(values[0]?.[0].status).toBe('idle');
    expect(values.at(-1)?.[0].status).toBe('connected');
    act(() =>
      client.putConnection({ status: 'stopped', error: { code: 'signed_out', message: 'Gone.' } }),
    );
    expect(values.at(-1)?.[0].error?.code).toBe('signed_out');
    act(() => client.putIdle({ idle: true, since: 5 }));
    expect(values.at(-1)?.[1]).toEqual({ idle: true, since: 5 });
  });
});
