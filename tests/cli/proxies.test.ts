import express, { type Express } from 'express';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPresence } from '@presence/server';
import { expressPresence } from '@presence/server/express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { useCli } from './cli.ts';

const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/presence`;
};

/** An application, with its sockets or as behind a proxy that passes no upgrades. */
const serve = async (withSockets: boolean, before?: (app: Express) => void): Promise<string> => {
  const presence = createPresence({ authenticate: () => null });
  const app = express();
  before?.(app);
  app.use('/presence', expressPresence(presence));
  const server = createServer(app);
  if (withSockets) presence.attach(server);
  onTestFinished(() => presence.close());
  return listening(server);
};

describe('the doctor, told where the application is', () => {
  const cli = useCli();
  const look = async (app: string) => {
    await cli.run(['migrate', '--url', 'sqlite:doctor.db']);
    return cli.run(['doctor', '--url', 'sqlite:doctor.db', '--app', app]);
  };

  it('finds one that answers and takes sockets', async () => {
    const { code, out } = await look(`${await serve(true)}/`);
    expect(out).toMatch(/ok +proxies +\S+\/presence\/health\/ready answers ok/);
    expect(out).toMatch(/ok +proxies +ws:\S+\/presence\/socket opens/);
    expect(code).toBe(0);
  });

  it('finds a proxy that passes no upgrades, and says what to change', async () => {
    const { code, out } = await look(await serve(false));
    expect(out).toMatch(/fail +proxies +ws:\S+ (is answered \d+ instead of opened|does not open)/);
    expect(out).toContain('proxy_set_header Upgrade $http_upgrade');
    expect(code).toBe(3);
  });

  it('finds a proxy, and a clock that is wrong', async () => {
    const app = await serve(true, (each) => {
      each.use((_request, response, next) => {
        response.set({ server: 'nginx/1.27', date: new Date(Date.now() + 60_000).toUTCString() });
        next();
      });
    });
    const { code, out } = await look(app);
    expect(out).toMatch(
      /ok +proxies +a proxy stands before the application \(nginx\/1.27\)\n +Set/,
    );
    expect(out).toMatch(/fail +clock +the clock of the application is (59|60)\d{3} ms ahead of/);
    expect(code).toBe(3);
  });

  it('finds a login that redirects', async () => {
    const app = await serve(true, (each) => {
      each.use('/presence', (_request, response) => response.redirect('https://login.example/in'));
    });
    const { code, out } = await look(app);
    expect(out).toMatch(/fail +proxies +\S+ redirects to https:\/\/login.example/);
    expect(code).toBe(3);
  });

  it('finds something else, and nobody at all', async () => {
    const elsewhere = await listening(
      createServer((_request, response) => response.writeHead(200).end('<h1>Hello</h1>')),
    );
    expect((await look(elsewhere)).out).toMatch(/fail +proxies .* not as presence does/);
    const nobody = await look('http://127.0.0.1:1/presence');
    expect(nobody.out).toMatch(/fail +proxies .* does not answer: .*\n +Start the application/);
    // Whoever is not there passes no upgrades either: that says nothing of a proxy.
    expect(nobody.out).not.toContain('ws:');
    expect(nobody.code).toBe(3);
  });
});
