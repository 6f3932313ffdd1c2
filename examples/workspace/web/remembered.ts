const KEY = 'workspace-organisations';

/** The organisations that this browser is signed in to: their cookies are not for scripts. */
export const remembered = (): readonly string[] =>
  (localStorage.getItem(KEY) ?? '').split(' ').filter(Boolean);

const keep = (ids: readonly string[]): void => localStorage.setItem(KEY, ids.join(' '));

export const remember = (id: string): void => {
  if (!remembered().includes(id)) keep([...remembered(), id]);
};

export const forget = (id: string): void => keep(remembered().filter((other) => other !== id));
