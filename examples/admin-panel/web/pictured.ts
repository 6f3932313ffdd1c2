import type { Pictured } from '@presence/example-shared/web/avatar.tsx';

/** The colours go round by an angle that never repeats soon, so that neighbours differ. */
export const picturedOf = (id: string, name: string): Pictured => ({
  name,
  hue: Math.round(Number(id) * 137.5 + 125) % 360,
});
