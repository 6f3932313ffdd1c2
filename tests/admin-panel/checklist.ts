import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, cookieOf, visit } from './asking.ts';
import { joined, lastSeen, QUICK, type Panel } from './panel.ts';

const PEOPLE = 1100;
const ADA = 'ada@juniper.example';
const GRACE = 'grace@juniper.example';
const LINUS = 'linus@juniper.example';
const MEI = 'mei@juniper.example';

const ADMIN_ROUTES = [
  'GET /api/counts',
  'GET /api/users/2',
  'PUT /api/users/2/account',
  'POST /api/users/2/sign-out',
  'GET /presence/admin/users',
  'GET /presence/admin/users/online',
  'GET /presence/admin/users/2',
  'GET /presence/admin/users/2/history',
  'PUT /presence/admin/users/2/status',
  'DELETE /presence/admin/users/2/status',
  'PUT /presence/admin/users/2/account',
  'POST /presence/admin/users/2/disconnect',
  'GET /presence/admin/stats',
  'POST /presence/admin/reap',
] as const;

/** What the routes that take a body are given, so that nothing but the right is missing. */
const BODIES: Readonly<Record<string, unknown>> = {
  'PUT /api/users/2/account': { account: 'banned' },
  'PUT /presence/admin/users/2/status': { status: 'busy' },
  'PUT /presence/admin/users/2/account': { account: 'banned' },
  'POST /presence/admin/users/2/disconnect': {},
  'POST /presence/admin/reap': {},
};

/** Systems 1 and 2 of those that this one replaces, line by line. */
export const describeChecklist = (
  kind: 'sqlite' | 'postgres',
  missing: string | null,
  start: (people: number) => Promise<Panel>,
): void => {
  describe.skipIf(missing !== null)(`the check-lists of chat admin dashboards, on ${kind}`, () => {
    let panel: Panel;
    beforeAll(async () => {
      panel = await start(PEOPLE);
      // The page is bundled first, which a machine with much else to do takes its time for.
    }, 120_000);
    afterAll(() => panel?.stop());

    const shows = (email: string, row: object) => panel.sqlShows(joined(email), row as never);

    it('new users start offline, and cannot come online before an admin lets them in', async () => {
      const { url } = panel;
      const given = { name: 'Zoe Lang', email: 'zoe@juniper.example', password: 'long enough' };
      expect((await ask(url, 'POST /api/accounts', given)).status).toBe(201);
      expect((await ask(url, 'POST /api/accounts', given)).status).toBe(409);
      await shows(given.email, { account: 'pending', is_active: 1, online_status: 'offline' });
      expect(await ask(url, 'POST /api/session', given)).toMatchObject({
        status: 403,
        body: { error: { code: 'account_blocked' } },
      });
      const ada = await visit(url, ADA);
      const [{ id } = {}] = await panel.sql(`select id from users where email = '${given.email}'`);
      const letIn = await ada.ask(`PUT /api/users/${String(id)}/account`, { account: 'active' });
      expect(letIn.body).toMatchObject({ user: { status: 'active' } });
      await visit(url, given.email, given.password);
      await shows(given.email, { account: 'active', online_status: 'online' });
    });

    it('JWT login sets online; logout sets offline and blacklists the token', async () => {
      const { url } = panel;
      await shows(GRACE, { online_status: 'offline' });
      expect((await ask(url, 'POST /api/session', { email: GRACE, password: 'no' })).status).toBe(
        401,
      );
      const grace = await visit(url, GRACE);
      await shows(GRACE, { online_status: 'online' });
      const { sessionId } = (await grace.ask('POST /presence/heartbeat', {})).body;
      await grace.ask('POST /presence/leave', { sessionId, reason: 'signed-out' });
      const gone = await grace.ask('DELETE /api/session', undefined, { cookie: grace.cookie });
      expect(gone.status).toBe(204);
      await shows(GRACE, { online_status: 'offline' });
      expect(await panel.sql('select jti from revoked_tokens')).toHaveLength(1);
      for (const line of ['GET /api/me', 'POST /presence/heartbeat', 'POST /presence/ticket']) {
        const body = line.startsWith('POST') ? {} : undefined;
        expect((await grace.ask(line, body)).status, line).toBe(401);
      }
      await shows(GRACE, { online_status: 'offline' });
      expect(
        await panel.sql(
          `select outcome from sign_ins s join users u on u.id = s.user_id where u.email = '${GRACE}' order by s.id`,
        ),
      ).toEqual([{ outcome: 'wrong-password' }, { outcome: 'ok' }]);
    });

    it('a refresh token is good once; one that is used again signs its user out', async () => {
      const { url } = panel;
      const mei = await visit(url, MEI);
      const renew = (cookie: string) => ask(url, 'POST /api/session/renew', undefined, { cookie });
      const renewed = await renew(mei.cookie);
      expect(renewed.body).toMatchObject({ access: expect.any(String), user: { email: MEI } });
      await shows(MEI, { online_status: 'online' });
      expect((await renew(mei.cookie)).status).toBe(401);
      expect((await renew(cookieOf(renewed))).status).toBe(401);
      await shows(MEI, { online_status: 'offline' });
      expect((await mei.ask('GET /api/me')).status).toBe(401);
      // At once, within the second of it, a new login is good.
      await visit(url, MEI);
      await shows(MEI, { online_status: 'online' });
    });

    it('any authenticated request refreshes last seen', async () => {
      const linus = await visit(panel.url, LINUS);
      const lease = async () =>
        Number(
          (
            await panel.sql(
              `select cast(expires_at as double precision) as ends from presence_lease where user_id = '${linus.userId}'`,
            )
          )[0]?.['ends'],
        );
      const before = await lease();
      expect(before).toBeGreaterThan(0);
      await expect
        .poll(
          async () => {
            expect((await linus.ask('GET /api/me')).status).toBe(200);
            return lease();
          },
          { timeout: QUICK.policy.leaseMs, interval: 200 },
        )
        .toBeGreaterThan(before);
    });

    it('heartbeat each 30 s; offline two minutes after the last, not later and not earlier', async () => {
      const grace = await visit(panel.url, GRACE);
      const first = (await grace.ask('POST /presence/heartbeat', {})).body;
      expect(first).toMatchObject({
        status: 'online',
        nextBeatMs: QUICK.policy.heartbeatMs,
        leaseMs: QUICK.policy.leaseMs,
      });
      const beat = { sessionId: first.sessionId, generation: first.generation, seq: 1 };
      const last = (await grace.ask('POST /presence/heartbeat', beat)).body;
      await shows(GRACE, { online_status: 'online' });
      await shows(GRACE, { online_status: 'offline' });
      const [seen] = await panel.sql(lastSeen(GRACE));
      // The lease begins when it is written, which is not before the instant of the answer.
      const late = Number(seen?.['last_seen_at']) - (last.asOf + last.leaseMs);
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(QUICK.policy.heartbeatMs);
    });

    it('blocked accounts get 403 and read offline everywhere; they cannot come online at login, by heartbeat or by request', async () => {
      const { url } = panel;
      const ada = await visit(url, ADA);
      const grace = await visit(url, GRACE);
      const { sessionId } = (await grace.ask('POST /presence/heartbeat', {})).body;
      await shows(GRACE, { online_status: 'online' });
      for (const [account, row] of [
        ['suspended', { account: 'suspended', is_active: 1 }],
        ['banned', { account: 'banned', is_active: 1 }],
        ['inactive', { account: 'banned', is_active: 0 }],
      ] as const) {
        const put = await ada.ask(`PUT /api/users/${grace.userId}/account`, { account });
        expect(put.status).toBe(200);
        await shows(GRACE, { ...row, online_status: 'offline' });
        const refused = { status: 403, body: { error: { code: 'account_blocked' } } };
        const password = 'juniper';
        expect(await ask(url, 'POST /api/session', { email: GRACE, password })).toMatchObject(
          refused,
        );
        for (const body of [{}, { sessionId }]) {
          expect(await grace.ask('POST /presence/heartbeat', body)).toMatchObject(refused);
        }
        expect(await grace.ask('GET /api/me')).toMatchObject(refused);
        await shows(GRACE, { ...row, online_status: 'offline' });
        const { body } = await ada.ask(`GET /presence/admin/users?search=${GRACE}`);
        expect(body.users).toMatchObject([{ presence: { status: 'offline' } }]);
      }
      await ada.ask(`PUT /api/users/${grace.userId}/account`, { account: 'active' });
      // The same token, and no restart.
      expect((await grace.ask('POST /presence/heartbeat', {})).status).toBe(200);
      await shows(GRACE, { account: 'active', is_active: 1, online_status: 'online' });
    });

    it('the admin list has everybody, in pages, each once, filtered by account and by status', async () => {
      const ada = await visit(panel.url, ADA);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const more = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const { body } = await ada.ask(`GET /presence/admin/users?limit=500&sort=name${more}`);
        seen.push(...body.users.map((user: { profile: { email: string } }) => user.profile.email));
        cursor = body.nextCursor;
      } while (cursor !== undefined);
      const rows = await panel.sql('select email from users');
      expect(rows.length).toBeGreaterThan(PEOPLE);
      expect(seen.toSorted()).toEqual(rows.map(({ email }) => String(email)).toSorted());
      const banned = await ada.ask('GET /presence/admin/users?account=banned&search=max');
      expect(banned.body.users).toMatchObject([{ profile: { name: 'Max Brandt' } }]);
    });

    it('online list, one user’s status read and set, and counts, as SQL counts them', async () => {
      const { url } = panel;
      const ada = await visit(url, ADA);
      const linus = await visit(url, LINUS);
      const online = await ada.ask('GET /presence/admin/users/online');
      const ids = online.body.users.map(({ userId }: { userId: string }) => userId);
      expect(ids).toContain(linus.userId);
      const path = `/presence/admin/users/${linus.userId}`;
      const one = await ada.ask(`GET ${path}`);
      expect(one.body.explanation.sentences[0]).toMatch(/^Online/);
      const stale = { 'if-match': one.headers.get('etag') ?? '' };
      const change = { status: 'busy', message: 'On call' };
      expect((await ada.ask(`PUT ${path}/status`, change, stale)).status).toBe(200);
      await shows(LINUS, { online_status: 'busy' });
      expect((await ada.ask(`PUT ${path}/status`, change, stale)).status).toBe(412);
      const { body: counts } = await ada.ask('GET /api/counts');
      const [{ busy, users } = {}] = await panel.sql(`
        select (select count(*) from presence_current where status = 'busy') as busy,
          (select count(*) from users) as users`);
      expect([counts.byStatus.busy, counts.users]).toEqual([Number(busy), Number(users)]);
      expect((await ada.ask(`DELETE ${path}/status`)).status).toBe(200);
      await shows(LINUS, { online_status: 'online' });
      const [{ action } = {}] = await panel.sql('select action from audit order by id desc');
      expect(action).toBe('admin:status:write');
    });

    it('non-admins get 403, anonymous 401, on each route of admins', async () => {
      const { url } = panel;
      const mei = await visit(url, MEI);
      const before = await panel.sql(`select status, is_active from users where id = 2`);
      for (const line of ADMIN_ROUTES) {
        expect([line, (await ask(url, line, BODIES[line])).status]).toEqual([line, 401]);
        expect([line, (await mei.ask(line, BODIES[line])).status]).toEqual([line, 403]);
      }
      expect(await panel.sql(`select status, is_active from users where id = 2`)).toEqual(before);
      // Accounts are the table's: presence's own route for them is nobody's here.
      const ada = await visit(url, ADA);
      const line = 'PUT /presence/admin/users/2/account';
      expect((await ada.ask(line, BODIES[line])).status).toBe(403);
    });

    it('status and last seen are indexed columns', async () => {
      const found = await panel.sql(
        kind === 'sqlite'
          ? `select name, sql as text from sqlite_master where type = 'index' and tbl_name in ('users', 'presence_user')`
          : `select indexname as name, indexdef as text from pg_indexes where tablename in ('users', 'presence_user')`,
      );
      const texts = found.map(({ text }) => String(text).replaceAll('"', ''));
      for (const columns of [
        'tenant, status',
        'tenant, last_seen_at, user_id',
        'status, full_name, id',
      ]) {
        expect(
          texts.some((text) => text.includes(columns)),
          columns,
        ).toBe(true);
      }
    });
  });
};
