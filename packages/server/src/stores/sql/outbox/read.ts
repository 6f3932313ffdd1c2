import type { Instant, Step } from '@presence/core';
import { sql } from 'kysely';
import type { OutboxCount, OutboxFailure, OutboxItem } from '../../../webhooks/outbox.ts';
import { completed } from '../../shared/record-text.ts';
import type { Parts } from '../parts.ts';

interface WaitingRow {
  readonly tenant: string;
  readonly user_id: string;
  readonly revision: unknown;
  readonly at: unknown;
  readonly data: string;
}

/** What the commit wrote. */
interface Told {
  readonly step: Step | null;
  readonly record: object | null;
}

export const readWaiting = async (
  { db, tables, texts }: Parts,
  hook: string,
  from: Instant,
  limit: number,
): Promise<readonly OutboxItem[]> => {
  const { rows } = await sql<WaitingRow>`select tenant, user_id, revision, at, data
    from ${tables.outbox.name} where hook = ${hook} and failed_at = 0 and at >= ${from}
    order by at limit ${limit}`.execute(db);
  return rows.map(({ tenant, user_id, revision, at, data }) => {
    const { step, record } = JSON.parse(data) as Told;
    return {
      key: { tenant: texts.out(tenant), userId: texts.out(user_id) },
      revision: Number(revision),
      record: record && completed(record),
      step,
      at: Number(at),
    };
  });
};

export const countOf = async (
  { db, tables, texts }: Parts,
  tenant: string,
  hook: string,
): Promise<OutboxCount> => {
  const { rows } = await sql<{ waiting: unknown; failed: unknown }>`select
    coalesce(sum(case when failed_at = 0 then 1 else 0 end), 0) as waiting,
    coalesce(sum(case when failed_at > 0 then 1 else 0 end), 0) as failed
    from ${tables.outbox.name} where hook = ${hook} and tenant = ${texts.in(tenant)}`.execute(db);
  return { waiting: Number(rows[0]!.waiting), failed: Number(rows[0]!.failed) };
};

interface FailureRow {
  readonly hook: string;
  readonly user_id: string;
  readonly version: unknown;
  readonly tries: unknown;
  readonly failed_at: unknown;
  readonly reason: string;
}

export const readFailures = async (
  { db, tables, texts }: Parts,
  tenant: string,
  hook: string,
  limit: number,
): Promise<readonly OutboxFailure[]> => {
  const { rows } = await sql<FailureRow>`select hook, user_id, version, tries, failed_at, reason
    from ${tables.outbox.name} where tenant = ${texts.in(tenant)} and hook = ${hook} and failed_at > 0
    order by failed_at desc limit ${limit}`.execute(db);
  return rows.map(({ hook, user_id, version, tries, failed_at, reason }) => ({
    hook,
    userId: texts.out(user_id),
    version: Number(version),
    tries: Number(tries),
    at: Number(failed_at),
    reason,
  }));
};
