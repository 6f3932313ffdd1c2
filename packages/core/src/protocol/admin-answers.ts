import { z } from 'zod';
import { ACCOUNTS } from '../status.ts';
import type {
  AdminUser,
  AdminUserAnswer,
  AdminUsersAnswer,
  AdminWriteAnswer,
  EraseHistoryAnswer,
  HealthAnswer,
  HistoryAnswer,
  HistoryStep,
  InsightsAnswer,
  PeaksAnswer,
  ReapAnswer,
  StatsAnswer,
  WebhooksAnswer,
  WebhooksChangedAnswer,
} from './admin-messages.ts';
import { byStatus, count, explanationSchema, me, statusName, stepSchema, text } from './answers.ts';

const durability = z.enum(['volatile', 'durable']);

export const adminUserSchema: z.ZodType<AdminUser> = z.object({
  userId: text,
  ...me,
  publicStatus: statusName,
  sessions: count,
  revision: count,
  profile: z
    .object({
      name: text.exactOptional(),
      email: text.exactOptional(),
      avatarUrl: text.exactOptional(),
    })
    .exactOptional(),
});

export const adminUsersAnswerSchema: z.ZodType<AdminUsersAnswer> = z.object({
  users: z.array(adminUserSchema),
  asOf: count,
  nextCursor: text.exactOptional(),
});

export const adminUserAnswerSchema: z.ZodType<AdminUserAnswer> = z.object({
  user: adminUserSchema,
  explanation: explanationSchema,
  accountFromSource: z.enum(ACCOUNTS).exactOptional(),
});

export const adminWriteAnswerSchema: z.ZodType<AdminWriteAnswer> = z.object({
  user: adminUserSchema,
  durability,
});

export const statsAnswerSchema: z.ZodType<StatsAnswer> = z.object({
  count,
  byStatus,
  hidden: count,
  asOf: count,
  durability,
  node: z.object({
    connections: count,
    sessions: count,
    leaving: count,
    stalledMs: z.number(),
    isDraining: z.boolean(),
  }),
});

export const webhooksAnswerSchema: z.ZodType<WebhooksAnswer> = z.object({
  webhooks: z.array(
    z.object({
      name: text,
      host: text,
      delivery: z.enum(['at-least-once', 'best-effort']),
      waiting: count,
      failed: count,
    }),
  ),
  failures: z.array(
    z.object({
      webhook: text,
      userId: text,
      version: count,
      tries: count,
      at: count,
      reason: text,
    }),
  ),
});

export const webhooksChangedAnswerSchema: z.ZodType<WebhooksChangedAnswer> = z.object({
  changed: count,
});

export const reapAnswerSchema: z.ZodType<ReapAnswer> = z.object({ reaped: count });

export const healthAnswerSchema: z.ZodType<HealthAnswer> = z.object({
  status: z.enum(['ok', 'draining', 'store_unavailable']),
  durability,
});

/** A line of an export. */
export const historyStepSchema: z.ZodType<HistoryStep> = stepSchema.omit({ version: true });

export const historyAnswerSchema: z.ZodType<HistoryAnswer> = z.object({
  steps: z.array(historyStepSchema),
  nextCursor: text.exactOptional(),
});

export const eraseHistoryAnswerSchema: z.ZodType<EraseHistoryAnswer> = z.object({ erased: count });

const share = z.number().min(0).max(1).nullable();
const peak = z.object({ count, at: count });

export const insightsAnswerSchema: z.ZodType<InsightsAnswer> = z.object({
  timeZone: text,
  days: z.array(z.object({ date: text, onlineMs: count, knownMs: count, byStatus })),
  usual: z.array(z.object({ from: count, until: count })),
  byHour: z.array(share),
  byWeekday: z.array(z.array(share)),
  asOf: count,
});

export const peaksAnswerSchema: z.ZodType<PeaksAnswer> = z.object({
  timeZone: text,
  peak: peak.nullable(),
  days: z.array(z.object({ date: text, peak })),
  asOf: count,
});
