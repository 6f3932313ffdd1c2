import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { jwtAuthenticate, type JwtOptions, type BearerRequest } from './jwt.ts';

const SECRET = new TextEncoder().encode('only for tests: 32 characters it is');
const ISSUER = 'https://login.example';
const AUDIENCE = 'app';

const now = (): number => Math.floor(Date.now() / 1000);

const token = (
  claims: object = {},
  change: (jwt: SignJWT) => SignJWT = (jwt) => jwt,
  alg = 'HS256',
) =>
  change(
    new SignJWT({ sub: 'ada', ...claims })
      .setProtectedHeader({ alg })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime('1h'),
  ).sign(SECRET);

const usual = {
  key: SECRET,
  algorithms: ['HS256'],
  issuer: ISSUER,
  audience: AUDIENCE,
} as const satisfies JwtOptions<BearerRequest>;

const bearing = (text: string): BearerRequest => ({ headers: { authorization: text } });

const who = async (text: string, options: Partial<JwtOptions<BearerRequest>> = {}) =>
  jwtAuthenticate({ ...usual, ...options })(bearing(`Bearer ${text}`));

describe('a bearer token', () => {
  it('names the user, tenant and roles, and when the login was issued and ends', async () => {
    const at = now();
    const principal = await who(await token({ tenant: 'acme', roles: ['admin'], x: 1 }));
    expect(principal).toMatchObject({ userId: 'ada', tenant: 'acme', roles: ['admin'] });
    expect(principal?.issuedAt).toBeGreaterThanOrEqual(at * 1000);
    expect((principal?.expiresAt ?? 0) - (principal?.issuedAt ?? 0)).toBe(3_600_000);
  });

  it('may say to the fraction of a second when it was issued', async () => {
    const issued = 1_764_200_000_123;
    const text = await token({}, (jwt) => jwt.setIssuedAt(issued / 1000));
    expect((await who(text))?.issuedAt).toBe(issued);
  });

  it('is read from fetch requests as well', async () => {
    const headers = new Headers({ authorization: `bearer ${await token()}` });
    expect(await jwtAuthenticate(usual)({ headers })).toMatchObject({ userId: 'ada' });
  });

  it.each(['', 'Basic YTpi', 'Bearer', 'Bearer a b', 'Bearer a.b.c', 'Bearer ..', 'x'])(
    'that is none is nobody: %j',
    async (text) => {
      expect(await jwtAuthenticate(usual)(bearing(text))).toBeNull();
    },
  );

  it.each<[string, () => Promise<string>]>([
    ['has ended', () => token({}, (jwt) => jwt.setExpirationTime(now() - 60))],
    [
      'has no end',
      async () =>
        new SignJWT({ sub: 'ada', iss: ISSUER, aud: AUDIENCE })
          .setProtectedHeader({ alg: 'HS256' })
          .sign(SECRET),
    ],
    ['is not valid yet', () => token({}, (jwt) => jwt.setNotBefore(now() + 60))],
    ['is of another issuer', () => token({}, (jwt) => jwt.setIssuer('https://evil.example'))],
    ['is for another application', () => token({}, (jwt) => jwt.setAudience('other'))],
    ['names nobody', () => token({ sub: undefined })],
    [
      'is signed by another',
      async () =>
        new SignJWT({ sub: 'ada' })
          .setProtectedHeader({ alg: 'HS256' })
          .setIssuer(ISSUER)
          .setAudience(AUDIENCE)
          .setExpirationTime('1h')
          .sign(new TextEncoder().encode('another secret of 32 characters!!')),
    ],
    ['is signed in another way', () => token({}, undefined, 'HS512')],
    [
      'is not signed',
      async () =>
        new UnsecuredJWT({ sub: 'ada', iss: ISSUER, aud: AUDIENCE })
          .setExpirationTime('1h')
          .encode(),
    ],
  ])('that %s is nobody', async (_what, made) => {
    expect(await who(await made())).toBeNull();
  });

  it('may be a little off in its time', async () => {
    const ended = await token({}, (jwt) => jwt.setExpirationTime(now() - 2));
    expect(await who(ended)).toMatchObject({ userId: 'ada' });
    expect(await who(ended, { clockToleranceMs: 0 })).toBeNull();
  });

  it('that was revoked is nobody', async () => {
    const revoked = new Set(['7']);
    const isRevoked = async ({ jti }: { jti?: string }) => revoked.has(jti ?? '');
    const sign = (id: string) => token({}, (jwt) => jwt.setJti(id));
    expect(await who(await sign('7'), { isRevoked })).toBeNull();
    expect(await who(await sign('8'), { isRevoked })).toMatchObject({ userId: 'ada' });
  });

  it('can be read and understood in another way', async () => {
    const text = await token({ uid: 7 });
    const authenticate = jwtAuthenticate<BearerRequest & { readonly cookie: string }>({
      ...usual,
      tokenOf: ({ cookie }) => cookie,
      principalOf: ({ uid }) => ({ userId: `user-${String(uid)}` }),
    });
    const request = { headers: {}, cookie: text };
    expect(await authenticate(request)).toMatchObject({
      userId: 'user-7',
      issuedAt: expect.any(Number),
    });
  });
});

describe('a key set behind an address', () => {
  it('is asked for the key; while it is down nobody is signed out', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }] };
    let isDown = true;
    const server = createServer((_request, response) => {
      if (isDown) response.writeHead(500).end();
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(keys));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const authenticate = jwtAuthenticate({
      ...usual,
      key: createRemoteJWKSet(new URL(`http://127.0.0.1:${port}/keys`), { cooldownDuration: 0 }),
      algorithms: ['RS256'],
    });
    const signed = (kid: string) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'RS256', kid })
        .setSubject('ada')
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setExpirationTime('1h')
        .sign(privateKey);
    const bearer = bearing(`Bearer ${await signed('k1')}`);
    await expect(authenticate(bearer)).rejects.toThrow();
    isDown = false;
    expect(await authenticate(bearer)).toMatchObject({ userId: 'ada' });
    expect(await authenticate(bearing(`Bearer ${await signed('k2')}`))).toBeNull();
    server.close();
    server.closeAllConnections();
  });
});

describe('options that would take a token which they should not', () => {
  it.each<[string, object]>([
    ['key is missing', { key: undefined }],
    ['algorithms is missing', { algorithms: undefined }],
    ['algorithms is missing', { algorithms: [] }],
    ['"none"', { algorithms: ['HS256', 'None'] }],
    ['mixes secrets and public keys', { algorithms: ['HS256', 'RS256'] }],
    ['issuer is missing', { issuer: undefined }],
    ['audience is missing', { audience: [] }],
  ])('%s', (message, change) => {
    expect(() => jwtAuthenticate({ ...usual, ...change })).toThrow(message);
  });
});
