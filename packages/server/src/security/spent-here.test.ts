import { createSeededRandom, createVirtualClock } from '@presence/core/testing';
import { describe, expect, it } from 'vitest';
import { spendHere } from './spent-here.ts';
import { createTickets, TICKET_MS } from './tickets.ts';

const ADA = { tenant: 'acme', userId: 'ada' };

const setup = () => {
  const clock = createVirtualClock();
  const random = createSeededRandom(1);
  const tickets = createTickets({ secret: 'a secret of thirty-two characters', clock, random });
  return { clock, tickets: spendHere(tickets, clock) };
};

describe('tickets spent in this process', () => {
  it('are taken once', () => {
    const { tickets } = setup();
    const { ticket } = tickets.issue(ADA);
    expect(tickets.redeem(ticket)).toMatchObject({ principal: ADA, isSpent: true });
    expect(() => tickets.redeem(ticket)).toThrow('used before');
  });

  it('S20: are forgotten when they could not be shown anyway', () => {
    const { clock, tickets } = setup();
    const { ticket } = tickets.issue(ADA);
    tickets.redeem(ticket);
    clock.jump(TICKET_MS);
    expect(() => tickets.redeem(ticket)).toThrow('expired');
    clock.jump(10 * TICKET_MS);
    tickets.redeem(tickets.issue(ADA).ticket);
    expect(() => tickets.redeem(ticket)).toThrow('expired');
  });
});
