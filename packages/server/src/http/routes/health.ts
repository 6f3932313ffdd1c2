import { isPresenceError } from '@presence/core';
import type { HealthAnswer } from '@presence/core/protocol';
import type { Node } from '../../context.ts';
import { DEFAULT_TENANT } from '../../tenant/tenant.ts';
import { json } from '../answers.ts';
import { openRoute } from '../route.ts';

const common = { method: 'GET', login: 'by-the-route', limit: 'address', body: null } as const;

/** Nobody has this id: a read of it is asked of the store and finds nothing. */
const NOBODY = { tenant: DEFAULT_TENANT, userId: ' health' };

const answerOf = ({ options }: Node, status: HealthAnswer['status']) => {
  const content: HealthAnswer = { status, durability: options.store.durability };
  return { ...json(content), status: status === 'ok' ? 200 : 503 };
};

/** The process answers: nothing else is asked. One that does not is to be killed. */
const live = openRoute({
  ...common,
  path: '/health/live',
  run: ({ node }) => answerOf(node, 'ok'),
});

/** It takes users: its store answers and is as it must be, and it is not on its way out. */
const ready = openRoute({
  ...common,
  path: '/health/ready',
  run: async ({ node }) => {
    if (node.isDraining()) return answerOf(node, 'draining');
    try {
      await node.engine.read(NOBODY);
      await node.options.store.check?.();
      return answerOf(node, 'ok');
    } catch (error) {
      if (!isPresenceError(error)) throw error;
      // Who asks is not logged in, and is not told why.
      node.options.logger.warn({ err: error }, '[presence/health] The store is not ready.');
      return answerOf(node, 'store_unavailable');
    }
  },
});

export const health = [live, ready];
