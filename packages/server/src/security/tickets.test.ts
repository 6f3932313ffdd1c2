import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { createLeaveTokens } from './leave-tokens.ts';
import { createTickets, TICKET_MS } from './tickets.ts';

const SECRET = 'a secret of thirty-two characters';
const ADA = { tenant: 'acme', userId: 'ada', roles: ['admin'], issuedAt: 5 };

const setup = (secret = SECRET) => {
  const clock = createVirtualClock();
  return { clock, tickets: createTickets({ secret, clock, random: createSeededRandom(1) }) };
};

const invalid = expect.objectContaining({ code: 'ticket_invalid' });

const flipped = (text: string, at: number): string =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;

describe('tickets', () => {
  it('give back the principal, and nothing else that the application put into it', () => {
    const { tickets } = setup();
    const { ticket, expiresInMs } = tickets.issue({ ...ADA, password: 'x' } as typeof ADA);
    expect(expiresInMs).toBe(TICKET_MS);
    expect(tickets.redeem(ticket).principal).toEqual(ADA);
    expect(Buffer.from(ticket.split('.')[0] ?? '', 'base64url').toString()).not.toContain('pass');
  });

  it('name each ticket differently, so that one can be spent', () => {
    const { tickets } = setup();
    const ids = [0, 1].map(() => tickets.redeem(tickets.issue(ADA).ticket).id);
    expect(new Set(ids).size).toBe(2);
  });

  it('end after ten seconds, or with the login', () => {
    const { tickets, clock } = setup();
    const { ticket } = tickets.issue(ADA);
    clock.jump(TICKET_MS - 1);
    expect(tickets.redeem(ticket).principal.userId).toBe('ada');
    clock.jump(1);
    expect(() => tickets.redeem(ticket)).toThrow(invalid);
    const short = tickets.issue({ ...ADA, expiresAt: clock.now() + 2000 });
    expect(short.expiresInMs).toBe(2000);
    clock.jump(2000);
    expect(() => tickets.redeem(short.ticket)).toThrow(invalid);
  });

  it('are remembered as spent for longer than any node may think that they live', () => {
    const { tickets, clock } = setup();
    const { ticket } = tickets.issue(ADA);
    clock.jump(9000);
    const { forMs } = tickets.redeem(ticket);
    clock.jump(-60_000);
    // A node that is a minute slow takes the ticket for the last time after this long.
    expect(forMs).toBeGreaterThanOrEqual(61_000);
    clock.jump(-10_000);
    expect(() => tickets.redeem(ticket)).toThrow(invalid);
  });

  it('refuse every altered character, other spellings and other secrets', () => {
    const { tickets } = setup();
    const { ticket } = tickets.issue(ADA);
    for (let at = 0; at < ticket.length; at += 1) {
      expect(() => tickets.redeem(flipped(ticket, at))).toThrow(invalid);
    }
    for (const other of [`${ticket}=`, ` ${ticket}`, `${ticket}.`, '', '.', 'a', 'a.b', 'é.é']) {
      expect(() => tickets.redeem(other)).toThrow(invalid);
    }
    expect(() => tickets.redeem('a'.repeat(5000))).toThrow(invalid);
    const foreign = setup('another secret of 32 characters!').tickets.issue(ADA).ticket;
    expect(() => tickets.redeem(foreign)).toThrow(invalid);
  });

  it('are no leave tokens, and leave tokens are no tickets', () => {
    const { tickets } = setup();
    const leaveTokens = createLeaveTokens({ secret: SECRET });
    const key = { tenant: 'acme', userId: 'ada' };
    const token = leaveTokens.issue({ key, sessionId: 's', generation: 1 });
    expect(leaveTokens.open(token)).toEqual({ key, sessionId: 's', generation: 1 });
    expect(() => tickets.redeem(token)).toThrow(invalid);
    expect(() => leaveTokens.open(tickets.issue(ADA).ticket)).toThrow(
      expect.objectContaining({ code: 'leave_token_invalid' }),
    );
    expect(() => leaveTokens.open(flipped(token, 3))).toThrow(
      expect.objectContaining({ code: 'leave_token_invalid' }),
    );
  });

  it('refuse to grow beyond what a hello may carry', () => {
    const { tickets } = setup();
    const rooms = Array.from({ length: 400 }, (_, index) => `room-${index}`);
    expect(() => tickets.issue({ ...ADA, rooms })).toThrow(/at most 2048.*fewer rooms/);
  });
});
