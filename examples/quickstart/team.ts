/** One person of the demo's team, as the application's own user table would have them. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** Hue of the avatar, 0 to 359. */
  readonly hue: number;
  /** Played by the server; nobody can sign in as them. */
  readonly simulated: boolean;
}

const person = (id: string, name: string, title: string, hue: number): Person => ({
  id,
  name,
  title,
  hue,
  simulated: false,
});

const simulated = (...of: Parameters<typeof person>): Person => ({
  ...person(...of),
  simulated: true,
});

/** Visitors sign in as one of these. */
export const team: readonly Person[] = [
  person('ada', 'Ada Moreau', 'Product lead', 262),
  person('noah', 'Noah Lind', 'Backend engineer', 205),
  person('grace', 'Grace Okafor', 'Design', 328),
  person('linus', 'Linus Berg', 'Platform engineer', 158),
  person('mei', 'Mei Tanaka', 'Research', 18),
  person('omar', 'Omar Haddad', 'Customer success', 38),
];

/** These come and go by themselves, so that there is something to see. */
export const colleagues: readonly Person[] = [
  simulated('ines', 'Ines Duarte', 'Frontend engineer', 288),
  simulated('jonas', 'Jonas Weber', 'Data engineer', 186),
  simulated('kai', 'Kai Nakamura', 'Mobile engineer', 232),
  simulated('priya', 'Priya Nair', 'Engineering manager', 348),
  simulated('sofia', 'Sofia Rossi', 'Marketing', 8),
  simulated('theo', 'Theo Kowalski', 'Support', 130),
];

export const everyone: readonly Person[] = [...team, ...colleagues];
