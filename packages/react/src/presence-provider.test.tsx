import { cleanup, render } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createScriptedClient } from '@presence/client/testing';
import '../test-fixtures/render-with.tsx';
import { PresenceProvider, usePresence, usePresenceClient } from './index.ts';

afterEach(cleanup);
afterEach(() => vi.restoreAllMocks());

/** The provider stops its client once the work of the current task is done. */
const settled = () => Promise.resolve();

describe('PresenceProvider', () => {
  it('starts the client and stops it', async () => {
    const client = createScriptedClient();
    const view = render(<PresenceProvider client={client} />);
    expect(client.calls).toEqual(['start']);
    view.unmount();
    await settled();
    expect(client.calls).toEqual(['start', 'stop']);
  });

  it('can be mounted again', async () => {
    const client = createScriptedClient();
    render(<PresenceProvider client={client} />).unmount();
    await settled();
    render(<PresenceProvider client={client} />);
    expect(client.calls).toEqual(['start', 'stop', 'start']);
  });

  it('says no goodbye in the double mount of StrictMode', async () => {
    const client = createScriptedClient();
    const view = render(
      <StrictMode>
        <PresenceProvider client={client} />
      </StrictMode>,
    );
    await settled();
    expect(client.calls).toEqual(['start']);
    view.unmount();
    await settled();
    expect(client.calls).toEqual(['start', 'stop']);
  });

  it('counts the providers of one client', async () => {
    const client = createScriptedClient();
    const first = render(<PresenceProvider client={client} />);
    const second = render(<PresenceProvider client={client} />);
    first.unmount();
    await settled();
    expect(client.calls).toEqual(['start']);
    second.unmount();
    await settled();
    expect(client.calls).toEqual(['start', 'stop']);
  });

  it('passes from one client to another', async () => {
    const [old, next] = [createScriptedClient(), createScriptedClient()];
    const User = () => usePresence('ada').status;
    const tree = (client: typeof old) => (
      <PresenceProvider client={client}>
        <User />
      </PresenceProvider>
    );
    next.put('ada', { status: 'busy' });
    const view = render(tree(old));
    view.rerender(tree(next));
    await settled();
    expect(old.calls).toEqual(['watch ada', 'start', 'unwatch ada', 'stop']);
    expect(next.calls).toEqual(['watch ada', 'start']);
    expect(view.container.textContent).toBe('busy');
  });

  it('is missed with words that help', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    // React 18 shows the page what it throws.
    const quiet = (event: Event): void => event.preventDefault();
    window.addEventListener('error', quiet);
    const Lost = () => {
      usePresenceClient();
      return null;
    };
    expect(() => render(<Lost />)).toThrow(/\[presence\/react\] There is no provider.*Put </);
    window.removeEventListener('error', quiet);
  });
});
