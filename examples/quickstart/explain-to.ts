import type { Explanation, TenantPresence } from '@presence/server';

/** What a viewer is told; `full` when nothing is kept from them but what may tell of hiding. */
export interface Told extends Omit<
  Explanation,
  'publicStatus' | 'by' | 'account' | 'visibility' | 'sessions'
> {
  /** `openedAt` is `null` for others. */
  readonly sessions: readonly (Omit<Session, 'openedAt'> & { readonly openedAt: number | null })[];
  readonly full: boolean;
}

type Session = Explanation['sessions'][number];
type Reasons = Pick<Told, 'claims' | 'sessions' | 'transitions'>;

const NOTHING_MORE = { claims: [], sessions: [], next: null, transitions: [] } as const;

/**
 * What others read of somebody who shows as present. Whoever hid and came back was present all the
 * while: no instant from before they came back may say so, nor when a session was opened, which can
 * be long after the transitions that tell of hiding are forgotten.
 */
const toOthers = ({ claims, sessions, transitions }: Explanation): Reasons => {
  const hiding = transitions.findLastIndex(
    ({ cause }) => cause === 'hidden' || cause === 'visible',
  );
  const backAt = transitions[hiding]?.at ?? 0;
  return {
    claims: claims.map((claim) => ({ ...claim, setAt: Math.max(claim.setAt, backAt) })),
    sessions: sessions.map((session) => ({
      ...session,
      openedAt: null,
      idleSince: session.idleSince && Math.max(session.idleSince, backAt),
    })),
    transitions: transitions.slice(hiding + 1),
  };
};

const SPAN = '(?:\\d+ (?:d|h|min|s)\\b ?)+';
const TIMES: readonly (readonly [RegExp, string])[] = [
  [new RegExp(` for another ${SPAN}`), ''],
  [new RegExp(`; (?:the last input was|last seen) ${SPAN}ago`), ''],
  [new RegExp(`been idle for ${SPAN}`), 'been idle for too long'],
  [new RegExp(` in ${SPAN}`), ' '],
];

/** The sentence without its durations: the page shows those as instants, and lets them run. */
export const timeless = (sentence: string): string =>
  TIMES.reduce((said, [times, instead]) => said.replace(times, instead), sentence);

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
  const explanation = await presence.explain(userId);
  const {
    publicStatus,
    by: _by,
    account: _account,
    visibility: _visibility,
    ...told
  } = explanation;
  const sentences = told.sentences.map(timeless);
  if (isAllowedAll) return { ...told, sentences, full: true };
  // The explanation's own tells when the status began that was set while hiding.
  const { since } = await presence.get(userId);
  if (publicStatus !== 'offline') {
    return { ...told, ...toOthers(explanation), since, sentences, full: true };
  }
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
