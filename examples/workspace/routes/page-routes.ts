import { pageFile } from '@presence/example-shared/page.ts';
import type { FastifyPluginAsync } from 'fastify';
import type { Organisation } from '../organisations.ts';

interface Context {
  readonly organisations: readonly Organisation[];
  readonly files: Parameters<typeof pageFile>[0];
}

/** The page, and what it needs before anybody is signed in. */
export const pageRoutes: FastifyPluginAsync<Context> = async (app, { organisations, files }) => {
  // A demo's own: a real sign-in page names nobody.
  const doors = organisations.map(({ id, name, trade, hue, members }) => {
    return { id, name, trade, hue, people: members.filter(({ isPlayed }) => !isPlayed) };
  });
  app.get('/api/organisations', (_request, reply) => reply.send(doors));

  app.get('/*', (request, reply) => {
    const [path = '/'] = request.url.split('?');
    const file = pageFile(files, path);
    if (!file) return reply.code(404).send({ error: { message: 'No such file.' } });
    return reply.headers(file.headers).send(file.content);
  });
};
