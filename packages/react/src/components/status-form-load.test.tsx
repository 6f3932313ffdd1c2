import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createScriptedClient } from '@presence/client/testing';
import { renderWith } from '../../test-fixtures/render-with.tsx';
import { StatusPicker } from '../index.ts';

const network = vi.hoisted(() => ({ up: false, tried: 0 }));
vi.mock('./status-form.tsx', async (original) => {
  network.tried += 1;
  if (!network.up) throw new TypeError('Failed to fetch dynamically imported module');
  return original();
});

afterEach(cleanup);

const button = () => screen.getByRole('button', { name: /Your status/ });
const press = async () => {
  await act(async () => void fireEvent.click(button()));
  await act(() => vi.dynamicImportSettled());
};

describe('the form of the status picker', () => {
  it('is loaded when it is opened; where that fails it says so, and tries again at the next press', async () => {
    const client = createScriptedClient();
    client.putMe({ userId: 'me', status: 'online' });
    renderWith(client, <StatusPicker />);
    expect(network.tried).toBe(0);
    await press();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(button().ariaExpanded ?? button().getAttribute('aria-expanded')).toBe('false');
    expect(screen.getByRole('alert').textContent).toBe('Not loaded. Try again.');
    expect(network.tried).toBe(1);
    network.up = true;
    await press();
    screen.getByRole('dialog', { name: 'Set your status' });
    expect(screen.queryByRole('alert')).toBeNull();
    expect(document.activeElement?.getAttribute('type')).toBe('radio');
    await press();
    await press();
    expect(network.tried).toBe(2);
  });
});
