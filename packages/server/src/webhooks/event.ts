import { project, type Instant } from '@presence/core';
import type { PresenceChange } from '../types.ts';
import type { OutboxItem } from './outbox.ts';
import type { WebhookEvent } from './types.ts';

export const eventOf = (
  { tenant, presence, steps }: PresenceChange,
  now: Instant,
): WebhookEvent => ({
  type: 'presence.changed',
  tenant,
  presence,
  cause: steps.at(-1)?.cause ?? null,
  at: steps.at(-1)?.at ?? now,
});

export const eventOfItem = ({ key, record, step, at }: OutboxItem): WebhookEvent => ({
  type: 'presence.changed',
  tenant: key.tenant,
  presence: project(key.userId, record, 'public'),
  cause: step?.cause ?? null,
  at: step?.at ?? at,
});

export const nameOf = ({ tenant, presence }: WebhookEvent): string =>
  `${tenant}/${presence.userId}/${presence.version}`;
