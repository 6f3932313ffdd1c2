import type { AddressInfo } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import { createVirtualClock } from '@presence/core/testing';
import { openMessages, type MessageTables } from '@presence/example-shared/messages.ts';
import { sqliteFile } from '@presence/example-shared/sqlite.ts';
import Fastify, { type FastifyInstance } from 'fastify';
import { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { juniper } from '../organisations/juniper.ts';
import { northwind } from '../organisations/northwind.ts';
import { createSignIns } from '../sign-ins.ts';
import { createTalk } from '../talk.ts';
import { organisationRoutes } from './organisation-routes.ts';
import { talkRoutes } from './talk-routes.ts';

const DESIGN = '/juniper/api/channels/design/messages';

describe('messages of the channels', () => {
  let app: FastifyInstance;
  let db: Kysely<MessageTables>;
  const clock = createVirtualClock();

  beforeEach(async () => {
    db = new Kysely({ dialect: sqliteFile(':memory:') });
    const messages = await openMessages(db);
    const signIns = createSignIns('key');
    app = Fastify({ forceCloseConnections: true });
    await app.register(fastifyCookie);
    for (const organisation of [juniper, northwind]) {
      const prefix = `/${organisation.id}/api`;
      const talk = await createTalk(messages, organisation, clock.now());
      await app.register(organisationRoutes, { organisation, signIns, prefix });
      await app.register(talkRoutes, { organisation, signIns, talk, clock, prefix });
    }
  });
  afterEach(async () => {
    await app.close();
    await db.destroy();
  });

  const signIn = async (organisation: string, userId: string) => {
    const answer = await app.inject({
      method: 'POST',
      url: `/${organisation}/api/sign-in`,
      payload: { userId },
    });
    return { 'sign-in': answer.cookies[0]?.value ?? '' };
  };
  const say = (cookies: Record<string, string>, url: string, text: unknown) =>
    app.inject({ method: 'POST', url, cookies, payload: { text } });

  it('begin with those of the day before, and are kept apart where two channels have one name', async () => {
    for (const { id, channels } of [juniper, northwind]) {
      const url = `/${id}/api/channels/general/messages`;
      const answer = await app.inject({ url, cookies: await signIn(id, 'ada') });
      const { messages } = answer.json<{ messages: { text: string }[] }>();
      const posts = channels.find((channel) => channel.id === 'general')?.posts;
      expect(messages.map(({ text }) => text)).toEqual(posts?.map(({ text }) => text));
    }
    const cookies = await signIn('juniper', 'ada');
    const answer = await app.inject({ url: '/juniper/api/channels/general/messages', cookies });
    const [first] = answer.json<{ messages: { sentAt: number }[] }>().messages;
    expect(first?.sentAt).toBe(new Date(clock.now() - 24 * 60 * 60_000).setHours(8, 52, 0, 0));
  });

  it('are read by whoever is signed in to the organisation, and written by members of the channel', async () => {
    const [ada, noah] = [await signIn('juniper', 'ada'), await signIn('juniper', 'noah')];
    expect((await say(ada, DESIGN, ' Hello ')).statusCode).toBe(201);
    expect((await app.inject({ url: DESIGN, cookies: noah })).body).toContain('"text":"Hello"');
    expect((await say(noah, DESIGN, 'Hello')).statusCode).toBe(403);
    expect((await say({}, DESIGN, 'Hello')).statusCode).toBe(401);
    expect((await app.inject({ url: DESIGN })).statusCode).toBe(401);
    const nowhere = '/juniper/api/channels/nowhere/messages';
    expect((await app.inject({ url: nowhere, cookies: ada })).statusCode).toBe(404);
    for (const text of ['', 7, 'x'.repeat(1001)]) {
      expect((await say(ada, DESIGN, text)).statusCode).toBe(400);
    }
  });

  it('S15: are not for a sign-in of another organisation', async () => {
    const hugo = await signIn('northwind', 'hugo');
    for (const url of [DESIGN, '/juniper/api/messages']) {
      expect((await app.inject({ url, cookies: hugo })).statusCode).toBe(401);
    }
    expect((await say(hugo, DESIGN, 'Hello')).statusCode).toBe(401);
  });

  it('are told while they are said, until the sign-in of who listens has ended', async () => {
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const [ada, grace] = [await signIn('juniper', 'ada'), await signIn('juniper', 'grace')];
    const stream = await fetch(`http://127.0.0.1:${port}/juniper/api/messages`, {
      headers: { cookie: `sign-in=${ada['sign-in']}` },
    });
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toContain(': open');
    await say(grace, DESIGN, 'Heard');
    expect((await reader.read()).value).toContain(
      '"room":"design","personId":"grace","text":"Heard"',
    );
    await app.inject({ method: 'POST', url: '/juniper/api/sign-out', cookies: ada });
    await say(grace, DESIGN, 'Not heard');
    expect((await reader.read()).done).toBe(true);
  });
});
