import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createPresence, type Presence, type PresenceOptions } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { build } from 'esbuild';
import express, { type Request } from 'express';

/** An application whose login believes everybody: the token is the name. `root` is its admin. */
export interface CrowdApp {
  readonly url: string;
  readonly presence: Presence<Request>;
  close(): Promise<void>;
}

const bundled = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    write: false,
    conditions: ['@presence/source'],
  });
  return outputFiles[0]?.text ?? '';
};

const userOf = (request: Request): string => request.get('authorization')?.slice(7) ?? '';

export const startCrowdApp = async (
  options: Pick<PresenceOptions<Request>, 'sources'> = {},
): Promise<CrowdApp> => {
  const script = await bundled();
  const presence = createPresence<Request>({
    ...options,
    authenticate: (request) => (userOf(request) === '' ? null : { userId: userOf(request) }),
    admin: true,
    security: {
      authorize: ({ userId }, action) => !action.startsWith('admin:') || userId === 'root',
    },
  });
  const app = express();
  app.use('/presence', expressPresence(presence));
  app.post('/api/sign-in', express.json(), (request, response) => {
    response.json({ token: (request.body as { userId: string }).userId });
  });
  app.get('/page.js', (_request, response) => void response.type('js').send(script));
  app.get('/as/:userId', (_request, response) => {
    response.type('html').send('<body><script type="module" src="/page.js"></script>');
  });
  const server = createServer(app);
  presence.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    presence,
    close: async () => {
      await presence.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
