import fastifyCookie from '@fastify/cookie';
import Fastify, { type FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSignIns } from './sign-ins.ts';

describe('a sign-in', () => {
  let app: FastifyInstance;
  beforeEach(async () => {
    const signIns = createSignIns('key');
    app = Fastify();
    await app.register(fastifyCookie);
    app.get('/juniper/in', (_request, reply) => {
      signIns.begin(reply, { userId: 'ada', organisation: 'juniper' });
      return reply.send();
    });
    app.get('/:organisation/who', (request) => ({ who: signIns.read(request)?.userId ?? null }));
    app.get('/juniper/out', (request, reply) => {
      signIns.end(request, reply);
      return reply.send();
    });
  });

  const cookie = async () => (await app.inject('/juniper/in')).cookies[0]!;
  const who = async (url: string, value: string) =>
    (await app.inject({ url, cookies: { 'sign-in': value } })).json<{ who: string | null }>().who;

  it('goes to the path of its organisation, and to no script', async () => {
    expect(await cookie()).toMatchObject({ path: '/juniper', httpOnly: true, sameSite: 'Strict' });
  });

  it('S15: names nobody on the path of another organisation, whoever sends it there', async () => {
    const { value } = await cookie();
    expect(await who('/juniper/who', value)).toBe('ada');
    expect(await who('/northwind/who', value)).toBeNull();
    expect(await who('/juniperx/who', value)).toBeNull();
  });

  it('is over when it was ended, for whoever kept the cookie', async () => {
    const { value } = await cookie();
    await app.inject({ url: '/juniper/out', cookies: { 'sign-in': value } });
    expect(await who('/juniper/who', value)).toBeNull();
    expect(await who('/juniper/who', '')).toBeNull();
  });
});
