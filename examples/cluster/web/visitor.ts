const KEY = 'presence-example-visitor';
const LENGTH = 4;

const fresh = (): string =>
  `visitor-${Math.random()
    .toString(36)
    .slice(2, 2 + LENGTH)
    .padEnd(LENGTH, '0')}`;

/** Who this browser is, the same after a reload. An application has a login for that. */
export const visitorId = (): string => {
  try {
    const known = localStorage.getItem(KEY);
    if (known) return known;
    const made = fresh();
    localStorage.setItem(KEY, made);
    return made;
  } catch {
    return fresh();
  }
};
