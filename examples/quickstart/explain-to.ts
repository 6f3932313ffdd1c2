import type { Explanation, TenantPresence } from '@presence/server';

/** What a viewer is told; `full` when it is everything that the server knows. */
export interface Told extends Omit<Explanation, 'publicStatus' | 'by' | 'account' | 'visibility'> {
  readonly full: boolean;
}

const NOTHING_MORE = { claims: [], sessions: [], next: null, transitions: [] } as const;

/** Somebody who hid and came back would show when in their transitions. */
const sinceHiding = (transitions: Explanation['transitions']): Explanation['transitions'] =>
  transitions.slice(
    transitions.findLastIndex(({ cause }) => cause === 'hidden' || cause === 'visible') + 1,
  );

/**
 * Why somebody shows what they show. An explanation is meant for the user themselves and for
 * admins; an application that lets others read it, as this one lets the team, must not give away
 * who is only hiding. So everybody who shows offline is explained to others in the same few words.
 */
export const explainTo = async (
  presence: Pick<TenantPresence, 'explain' | 'get'>,
  userId: string,
  isAllowedAll: boolean,
): Promise<Told> => {
  const {
    publicStatus,
    by: _by,
    account: _account,
    visibility: _visibility,
    ...told
  } = await presence.explain(userId);
  if (isAllowedAll) return { ...told, full: true };
  if (publicStatus !== 'offline') {
    return { ...told, transitions: sinceHiding(told.transitions), full: true };
  }
  const { since } = await presence.get(userId);
  return {
    userId,
    at: told.at,
    status: 'offline',
    since,
    ...NOTHING_MORE,
    sentences: [since === null ? 'Offline: never seen.' : 'Offline: nobody is there.'],
    full: false,
  };
};
