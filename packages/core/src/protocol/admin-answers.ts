import { z } from 'zod';
import type {
  AdminUser,
  AdminUserAnswer,
  AdminUsersAnswer,
  AdminWriteAnswer,
  HealthAnswer,
  ReapAnswer,
  StatsAnswer,
} from './admin-messages.ts';
import { byStatus, count, explanationSchema, me, statusName, text } from './answers.ts';

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

export const reapAnswerSchema: z.ZodType<ReapAnswer> = z.object({ reaped: count });

export const healthAnswerSchema: z.ZodType<HealthAnswer> = z.object({
  status: z.enum(['ok', 'draining', 'store_unavailable']),
  durability,
});
