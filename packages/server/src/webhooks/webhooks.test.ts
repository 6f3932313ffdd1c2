import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createPresence } from '../presence.ts';
import { attachWebhooks } from './attach-webhooks.ts';
import { verifyWebhook } from './signature.ts';
import type { Posting, WebhookEvent, WebhookOptions } from './types.ts';

const SECRET = 'a secret for webhooks that is long enough';

type Answer = number | Error | Promise<{ readonly status: number }>;

/** A presence whose target answers as told, on virtual time. */
const setup = (more: Partial<WebhookOptions> = {}) => {
  const clock = createVirtualClock();
  const random = createSeededRandom(1);
  const registry = new Registry();
  const presence = createPresence({
    authenticate: () => null,
    metrics: { registry },
    testing: { clock, random },
  });
  const sent: (Posting & { readonly at: number })[] = [];
  let answer: (posting: Posting) => Answer = () => 204;
  const hooks = attachWebhooks(presence, {
    url: 'https://app.example/hook',
    secret: SECRET,
    ...more,
    testing: {
      post: async (posting) => {
        sent.push({ ...posting, at: clock.now() });
        const given = answer(posting);
        if (given instanceof Error) throw given;
        return typeof given === 'number' ? { status: given } : given;
      },
    },
  });
  const events = (): WebhookEvent[] => sent.map(({ body }) => JSON.parse(body) as WebhookEvent);
  return {
    clock,
    registry,
    presence,
    hooks,
    sent,
    events,
    answering: (next: typeof answer) => void (answer = next),
    settle: () => clock.advance(0),
  };
};

describe('webhooks', () => {
  it('tell each change once, signed and stamped, with what to know it again by', async () => {
    const { presence, sent, events, clock, settle } = setup();
    await presence.signIn('ada');
    await presence.claim('ada', 'busy', { message: 'Writing' });
    await settle();
    expect(events()).toMatchObject([
      { type: 'presence.changed', tenant: 'default', cause: 'touched' },
      { presence: { userId: 'ada', status: 'busy', message: 'Writing' }, cause: 'claimed' },
    ]);
    const versions = events().map((event) => event.presence.version);
    expect(versions[1]).toBeGreaterThan(versions[0] ?? 0);
    const [first] = sent;
    const signature = first?.headers['presence-signature'];
    expect(first?.headers['presence-event']).toBe(`default/ada/${versions[0]}`);
    const now = clock.now();
    expect(verifyWebhook(SECRET, first?.body ?? '', signature, { now })).toBe(true);
  });

  it.each([
    ['another body', { body: '{}' }],
    ['another secret', { secret: `${SECRET}.` }],
    ['another instant', { signature: (given: string) => given.replace('t=', 't=1') }],
    ['none', { signature: () => '' }],
    ['half of it', { signature: (given: string) => given.slice(0, -2) }],
    ['a stamp of six minutes ago', { later: 6 * 60_000 }],
  ])('a signature is not believed with %s', async (_, change) => {
    const { presence, sent, clock, settle } = setup();
    await presence.signIn('ada');
    await settle();
    const {
      secret = SECRET,
      body = sent[0]?.body ?? '',
      later = 0,
    } = change as {
      secret?: string;
      body?: string;
      later?: number;
    };
    const given = sent[0]?.headers['presence-signature'] ?? '';
    const signature = 'signature' in change ? change.signature(given) : given;
    expect(verifyWebhook(secret, body, signature, { now: clock.now() + later })).toBe(false);
  });

  it('are tried again, further and further apart, in order for each user', async () => {
    const { presence, events, sent, answering, clock, settle } = setup();
    answering(() => 500);
    await presence.signIn('ada');
    await presence.claim('ada', 'busy');
    await settle();
    expect(sent).toHaveLength(1);
    for (let tries = 2; tries <= 4; tries += 1) {
      await clock.advance(2000 * 2 ** (tries - 2));
      expect(sent.length).toBeGreaterThanOrEqual(tries);
    }
    answering(() => 200);
    await clock.advance(60_000);
    const causes = events().map(({ cause }) => cause);
    expect(causes.at(-1)).toBe('claimed');
    expect(causes.indexOf('claimed')).toBe(causes.length - 1);
  });

  it('are given up after so many tries, and listed', async () => {
    const { presence, hooks, answering, clock, registry, settle } = setup({ mostTries: 3 });
    answering(() => new Error('ECONNREFUSED'));
    await presence.signIn('ada');
    await settle();
    await clock.advance(10_000);
    expect(hooks.failures()).toMatchObject([{ userId: 'ada', tries: 3, reason: 'ECONNREFUSED' }]);
    expect(hooks.waiting).toBe(0);
    const text = await registry.metrics();
    expect(text).toContain('presence_webhook_deliveries_total{outcome="retry"} 2');
    expect(text).toContain('presence_webhook_deliveries_total{outcome="failed"} 1');
    expect(text).toContain('presence_webhooks_waiting 0');
  });

  it('one user who cannot be told of holds up no other', async () => {
    const { presence, events, answering, settle } = setup();
    answering(({ body }) => (body.includes('"ada"') ? 500 : 200));
    await presence.signIn('ada');
    await presence.signIn('grace');
    await settle();
    expect(events().map((event) => event.presence.userId)).toEqual(['ada', 'grace']);
  });

  it('S20: keep a bound, and of a user the latest when it is reached', async () => {
    const { presence, hooks, events, answering, clock, registry, settle } = setup({
      mostWaiting: 3,
      atOnce: 1,
    });
    answering(() => 503);
    await presence.signIn('ada');
    await presence.signIn('grace');
    for (const message of ['one', 'two', 'three', 'four']) {
      await presence.claim('ada', 'busy', { message });
      await settle();
      expect(hooks.waiting).toBeLessThanOrEqual(3);
    }
    expect(hooks.failures().every(({ reason }) => reason === 'queue_full')).toBe(true);
    expect(await registry.metrics()).toContain('presence_webhooks_waiting 3');
    answering(() => 200);
    await clock.advance(60_000);
    const ofAda = events().filter((event) => event.presence.userId === 'ada');
    expect(ofAda.at(-1)?.presence.message).toBe('four');
    expect(events().some((event) => event.presence.userId === 'grace')).toBe(true);
    expect(hooks.waiting).toBe(0);
  });

  it('tell nothing of a hidden user but that they left (S17)', async () => {
    const { presence, events, settle } = setup();
    await presence.signIn('ada');
    await presence.setVisibility('ada', 'hidden');
    await presence.claim('ada', 'busy', { message: 'secret' });
    await settle();
    expect(events().map((event) => event.presence.status)).toEqual(['online', 'offline']);
    expect(JSON.stringify(events())).not.toContain('secret');
  });

  it('tell what passes the filter only, and nothing any more once closed', async () => {
    const { presence, hooks, events, settle } = setup({
      filter: (event) => event.presence.status === 'offline',
    });
    await presence.signIn('ada');
    await presence.signOut('ada');
    await settle();
    expect(events().map((event) => event.presence.status)).toEqual(['offline']);
    await hooks.close();
    await presence.signIn('ada');
    await presence.signOut('ada');
    await settle();
    expect(events()).toHaveLength(1);
  });

  it.each([
    ['no URL', { url: 'app.example' }, 'is no URL'],
    ['plain HTTP', { url: 'http://app.example' }, 'must begin with https:'],
    ['another scheme', { url: 'file:///etc/passwd', allowHttp: true }, 'must begin with https:'],
    ['a password', { url: 'https://a:b@app.example' }, 'a user name or a password'],
    ['a short secret', { secret: 'short' }, 'at least 32 characters'],
    ['no tries', { mostTries: 0 }, 'mostTries must be a whole number above 0'],
    ['no room', { mostWaiting: -1 }, 'mostWaiting must be a whole number above 0'],
  ])('are refused with %s', (_, options, message) => {
    expect(() => setup(options)).toThrow(message);
  });
});
