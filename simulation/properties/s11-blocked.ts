import { nameOf } from '../clients/person.ts';
import type { Property } from '../stage.ts';

/** A close takes its turn behind what was sent before it. */
const CLOSED_WITHIN_MS = 1000;

export const blocked: Property = {
  id: 'S11',
  title:
    'a blocked account is offline from the acknowledgement on, writes nothing, and its sockets close',
  watch: ({ people, oracle, truth, world, ledger, violate }) => {
    const open = new Map<number, string>();
    const blockedSince = new Map<string, number>();
    world.listen({
      started: () => {
        open.clear();
        blockedSince.clear();
      },
      frameOut: ({ id }, text) => {
        if (!text.startsWith('{"type":"welcome"')) return;
        const owner = ledger.ownerOf(id);
        if (owner) open.set(id, nameOf(owner));
      },
      closed: ({ id }) => void open.delete(id),
      answered: ({ request, answer, arrivedAt }) => {
        if (request.path !== '/heartbeat' || !request.login) return;
        const since = blockedSince.get(nameOf(request.login)) ?? Infinity;
        const { account } = oracle.user(request.login.tenant, request.login.userId);
        if (since < arrivedAt && account !== 'active' && answer.status < 300) {
          violate('S11', `a heartbeat of ${nameOf(request.login)}, who is blocked, was taken`);
        }
      },
    });
    return {
      step: () => {
        const at = world.clock.now();
        for (const person of people) {
          const name = nameOf(person);
          const reading = truth.now(person);
          if (oracle.user(person.tenant, person.userId).account === 'active') {
            blockedSince.delete(name);
            continue;
          }
          const since = blockedSince.get(name) ?? at;
          blockedSince.set(name, since);
          const shown = [reading?.own.status, reading?.public.status];
          if (reading && shown.some((status) => status !== 'offline')) {
            violate('S11', `${name} is blocked and reads ${shown.join(' and ')}`);
          }
          const isConnected = [...open.values()].includes(name);
          if (isConnected && at - since > CLOSED_WITHIN_MS) {
            violate(
              'S11',
              `${name} is blocked for ${at - since} ms and a socket of theirs is open`,
            );
          }
        }
      },
    };
  },
};
