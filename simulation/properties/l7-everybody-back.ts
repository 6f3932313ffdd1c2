import { nameOf } from '../clients/person.ts';
import type { Property } from '../stage.ts';

export const everybodyBack: Property = {
  id: 'L7',
  title: 'when everything is healed, every client that was not sent away is back within a minute',
  watch: ({ actors, violate }) => ({
    healed: () => {
      for (const actor of actors) {
        if (actor.kind !== 'browser') continue;
        for (const page of actor.pages) {
          const { status, error } = page.client.getConnection();
          const isRunning = page.state === 'shown' || page.state === 'hidden';
          // Stopped: signed out, blocked, or never started again after that.
          if (!isRunning || status === 'connected' || status === 'stopped' || status === 'idle')
            continue;
          violate(
            'L7',
            `page ${page.id} of ${nameOf(actor.person)} is ${status} (${error?.code ?? 'no error'})`,
          );
        }
      }
    },
  }),
};
