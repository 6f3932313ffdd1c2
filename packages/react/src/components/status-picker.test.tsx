import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PresenceError } from '@presence/core';
import { LIMITS } from '@presence/core/protocol';
import { createVirtualClock } from '@presence/core/testing';
import { createScriptedClient, type ScriptedClient } from '@presence/client/testing';
import { renderWith } from '../../test-fixtures/render-with.tsx';
import { StatusPicker } from '../index.ts';
import { EMOJI_LENGTH, MESSAGE_LENGTH } from '../status-draft.ts';
import { loadStatusForm } from './use-status-form.ts';

// As it is once somebody points at the button; `status-form-load.test.tsx` is about what is before.
beforeAll(async () => void (await loadStatusForm()));
afterEach(cleanup);

const HOUR = 3_600_000;
/** Noon, here. */
const NOON = new Date(2026, 4, 17, 12).getTime();

const setup = (prepare: (client: ScriptedClient) => void = () => {}, props = {}) => {
  const client = createScriptedClient();
  client.putMe({ userId: 'me', status: 'online' });
  prepare(client);
  const clock = createVirtualClock({ startAt: NOON });
  const view = renderWith(client, <StatusPicker {...props} />, { clock });
  return { client, clock, view, asked: () => client.calls.slice(1) };
};

const trigger = () => screen.getByRole('button', { expanded: false });
const open = () => fireEvent.click(trigger());
const choose = (name: string) => fireEvent.click(screen.getByRole('radio', { name }));
const write = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (name: string) =>
  act(async () => void fireEvent.click(screen.getByRole('button', { name })));

describe('StatusPicker', () => {
  it('shows the own status, with its message and end', () => {
    const { client } = setup();
    expect(trigger().textContent).toContain('Your status: Online');
    act(() =>
      client.putMe({
        status: 'busy',
        message: 'Lunch',
        emoji: '🍜',
        claims: [{ source: 'user', status: 'busy', until: NOON + HOUR }],
      }),
    );
    expect(trigger().textContent).toContain('Your status: Busy');
    expect(trigger().textContent).toMatch(/🍜 Lunch · Until 1:00.PM/);
    act(() => client.putMe({ visibility: 'hidden' }));
    expect(trigger().textContent).toContain('Your status: Invisible');
  });

  it('opens a dialog with the focus on the present choice', () => {
    setup((client) => client.putMe({ claims: [{ source: 'user', status: 'away' }] }));
    open();
    screen.getByRole('dialog', { name: 'Set your status' });
    const checked = screen.getByRole('radio', { checked: true });
    expect(checked.getAttribute('value')).toBe('away');
    expect(document.activeElement).toBe(checked);
  });

  it('sets a status with message, emoji and end', async () => {
    const { asked } = setup();
    open();
    choose('Do not disturb');
    write('Status message', '  Deep work ');
    write('Emoji', '🎧');
    write('Clear after', '60');
    await press('Save');
    expect(asked()).toEqual(['setStatus dnd {"message":"Deep work","emoji":"🎧","forMs":3600000}']);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(trigger());
  });

  it.each([
    ['30', HOUR / 2],
    ['240', 4 * HOUR],
    ['today', 12 * HOUR],
  ])('clears after %s', async (ending, forMs) => {
    const { asked } = setup();
    open();
    choose('Busy');
    write('Clear after', ending);
    await press('Save');
    expect(asked()).toEqual([`setStatus busy {"forMs":${forMs}}`]);
  });

  it('keeps the end of a status that is only reworded', async () => {
    const { asked } = setup((client) =>
      client.putMe({
        claims: [{ source: 'user', status: 'busy', message: 'Lunch', until: NOON + HOUR }],
      }),
    );
    open();
    write('Status message', 'Long lunch');
    await press('Save');
    expect(asked()).toEqual(['setStatus busy {"message":"Long lunch","forMs":3600000}']);
  });

  it('takes plain "Online" for no claim at all', async () => {
    const { asked } = setup((client) =>
      client.putMe({ claims: [{ source: 'user', status: 'busy' }] }),
    );
    open();
    choose('Online');
    await press('Save');
    expect(asked()).toEqual(['clearStatus']);
  });

  it('takes "Online" with a message for a claim', async () => {
    const { asked } = setup();
    open();
    write('Status message', 'Here');
    await press('Save');
    expect(asked()).toEqual(['setStatus online {"message":"Here"}']);
  });

  it('clears', async () => {
    const { asked } = setup((client) =>
      client.putMe({ claims: [{ source: 'user', status: 'busy' }] }),
    );
    open();
    await press('Clear status');
    expect(asked()).toEqual(['clearStatus']);
  });

  it('has nothing to clear where nothing was set', () => {
    setup();
    open();
    expect(screen.queryByRole('button', { name: 'Clear status' })).toBeNull();
  });

  it('hides, and shows the new status before it shows the user again', async () => {
    const { asked, client } = setup();
    open();
    choose('Invisible');
    await press('Save');
    act(() => client.putMe({ visibility: 'hidden' }));
    open();
    choose('Busy');
    await press('Save');
    expect(asked()).toEqual(['setVisibility hidden', 'setStatus busy {}', 'setVisibility visible']);
  });

  it('does not offer to hide where that is not allowed', () => {
    setup(undefined, { allowInvisible: false });
    open();
    expect(screen.getAllByRole('radio')).toHaveLength(4);
  });

  it('says that it failed and keeps what was written', async () => {
    const { client } = setup();
    client.failNext(new PresenceError('forbidden', 'No.'));
    open();
    write('Status message', 'Lunch');
    await press('Save');
    expect(screen.getByRole('alert').textContent).toBe('Your status could not be saved.');
    expect(screen.getByLabelText<HTMLInputElement>('Status message').value).toBe('Lunch');
    await press('Save');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('says how long a save takes, and that it waits for the connection', async () => {
    const { client, asked } = setup();
    const release = client.holdAnswers();
    open();
    choose('Busy');
    await press('Save');
    expect(screen.getByRole('button', { name: 'Saving…' }).ariaDisabled).toBe('true');
    act(() => client.putConnection({ status: 'reconnecting' }));
    await press('Waiting for the connection…');
    expect(asked()).toEqual(['setStatus busy {}']);
    await act(async () => release());
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('tells a failure where the form was closed meanwhile, until it is opened again', async () => {
    const { client } = setup();
    client.failNext(new PresenceError('internal', 'No.'));
    const release = client.holdAnswers();
    open();
    choose('Busy');
    await press('Save');
    fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' });
    expect(trigger().textContent).toContain('Saving…');
    trigger().blur();
    await act(async () => release());
    expect(screen.getByRole('alert').textContent).toBe('Your status could not be saved.');
    expect(trigger().textContent).toContain('Your status could not be saved.');
    expect(document.activeElement).toBe(document.body);
    open();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('says nothing of one status that was said of another', async () => {
    const { asked } = setup((client) =>
      client.putMe({
        claims: [
          { source: 'user', status: 'busy', message: 'Lunch', emoji: '🍜', until: NOON + HOUR },
        ],
      }),
    );
    const fields = () =>
      ['Status message', 'Emoji', 'Clear after'].map(
        (label) => screen.getByLabelText<HTMLInputElement>(label).value,
      );
    open();
    expect(fields()).toEqual(['Lunch', '🍜', 'as-set']);
    choose('Online');
    expect(fields()).toEqual(['', '', 'never']);
    choose('Busy');
    expect(fields()).toEqual(['Lunch', '🍜', 'as-set']);
    write('Status message', 'Errands');
    choose('Away');
    expect(fields()).toEqual(['Errands', '', 'never']);
    choose('Online');
    write('Status message', '');
    await press('Save');
    expect(asked()).toEqual(['clearStatus']);
  });

  it('promises "Away when you step out" only where that is so', () => {
    setup();
    open();
    const hint = () => screen.queryByText('Away when you step out');
    expect(hint()).not.toBeNull();
    write('Status message', 'Here');
    expect(hint()).toBeNull();
    write('Status message', ' ');
    expect(hint()).not.toBeNull();
    write('Clear after', '30');
    expect(hint()).toBeNull();
  });

  it('cannot be used when the client is stopped for good, and says why', () => {
    const { client } = setup();
    open();
    act(() =>
      client.putConnection({
        status: 'stopped',
        error: { code: 'unauthenticated', message: 'The server answered 401.' },
      }),
    );
    expect(screen.queryByRole('dialog')).toBeNull();
    const button = screen.getByRole<HTMLButtonElement>('button', { name: /Not connected/ });
    expect(button.disabled).toBe(true);
    act(() => client.putConnection({ status: 'connected', error: null }));
    expect(button.disabled).toBe(false);
  });

  it('closes with Escape, and the focus goes back', () => {
    setup();
    open();
    fireEvent.keyDown(screen.getByLabelText('Status message'), { key: 'Escape' });
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(trigger());
  });

  it('closes when focus or pointer go elsewhere, and not inside', () => {
    setup();
    open();
    fireEvent.pointerDown(screen.getByRole('dialog'));
    act(() => screen.getByLabelText('Emoji').focus());
    screen.getByRole('dialog');
    fireEvent.pointerDown(document.body);
    expect(screen.queryByRole('dialog')).toBeNull();
    open();
    const other = document.body.appendChild(document.createElement('button'));
    act(() => other.focus());
    expect(screen.queryByRole('dialog')).toBeNull();
    other.remove();
  });

  it('writes no more than the server takes', () => {
    expect([MESSAGE_LENGTH, EMOJI_LENGTH]).toEqual([LIMITS.messageLength, LIMITS.emojiLength]);
  });
});
