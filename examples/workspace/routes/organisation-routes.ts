import type { FastifyPluginAsync } from 'fastify';
import type { Organisation } from '../organisations.ts';
import type { SignIns } from '../sign-ins.ts';
import { refused } from './refused.ts';

interface Context {
  readonly organisation: Organisation;
  readonly signIns: SignIns;
}

/** What the page of one organisation asks for: its own people, channels and project, and nothing of any other. */
export const organisationRoutes: FastifyPluginAsync<Context> = async (
  app,
  { organisation, signIns },
) => {
  app.post<{ Body: { userId?: unknown } | undefined }>('/sign-in', (request, reply) => {
    const wanted = request.body?.userId;
    const person = organisation.members.find(({ id, isPlayed }) => id === wanted && !isPlayed);
    if (!person) return reply.code(404).send(refused('Nobody of this organisation.'));
    signIns.begin(reply, { userId: person.id, organisation: organisation.id });
    return reply.code(204).send();
  });

  app.post('/sign-out', (request, reply) => {
    signIns.end(request, reply);
    return reply.code(204).send();
  });

  app.get('/workspace', (request, reply) => {
    const login = signIns.read(request);
    const me = organisation.members.find(({ id }) => id === login?.userId);
    if (!me) return reply.code(401).send(refused('Sign in first.'));
    return reply.header('Cache-Control', 'no-store').send({ me, organisation });
  });
};
