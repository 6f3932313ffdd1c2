import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { createKeptTickets } from './kept-tickets.ts';
import { TICKET_MS } from './tickets.ts';

const ADA = { tenant: 'acme', userId: 'ada' };

const setup = () => {
  const clock = createVirtualClock();
  return { clock, tickets: createKeptTickets({ clock, random: createSeededRandom(1) }) };
};

describe('tickets kept in this process', () => {
  it('are taken once', () => {
    const { tickets } = setup();
    const { ticket, expiresInMs } = tickets.issue(ADA);
    expect(expiresInMs).toBe(TICKET_MS);
    expect(tickets.redeem(ticket)).toMatchObject({ principal: ADA, isSpent: true });
    expect(() => tickets.redeem(ticket)).toThrow('used before');
  });

  it('end after ten seconds, or with the login', () => {
    const { clock, tickets } = setup();
    const { ticket } = tickets.issue(ADA);
    const short = tickets.issue({ ...ADA, expiresAt: clock.now() + 2000 });
    expect(short.expiresInMs).toBe(2000);
    clock.jump(2000);
    expect(() => tickets.redeem(short.ticket)).toThrow('expired');
    clock.jump(TICKET_MS - 2001);
    expect(tickets.redeem(ticket).principal).toEqual(ADA);
    const late = tickets.issue(ADA);
    clock.jump(TICKET_MS);
    expect(() => tickets.redeem(late.ticket)).toThrow('expired');
  });

  it('are guessed by nobody: one that was not issued opens nothing', () => {
    const { tickets } = setup();
    for (const ticket of ['', 'constructor', '__proto__', tickets.issue(ADA).ticket.slice(1)]) {
      expect(() => tickets.redeem(ticket)).toThrow('not one of this server');
    }
  });
});
