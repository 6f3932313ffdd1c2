import { Router } from 'express';
import { answer, viewerOf, type Context } from './context.ts';

const SHOWN = 20;

/** What users see of themselves. Behind the login. */
export const ownRoutes = ({ users, presence }: Context): Router =>
  Router().get(
    '/me',
    answer(async (_request, response) => {
      const { userId } = viewerOf(response);
      const [user, signIns, history] = await Promise.all([
        users.byId(userId),
        users.signIns(userId),
        presence.history.read(userId, { limit: SHOWN }),
      ]);
      response.json({ user, signIns, steps: history.steps });
    }),
  );
