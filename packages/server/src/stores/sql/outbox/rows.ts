import { encodeRecord } from '../../shared/record-text.ts';
import type { Asked, Found } from '../commit/stored.ts';
import type { Row } from '../tables.ts';

/** What identifies a change that a hook is told of. */
export const OUTBOX_KEY = ['hook', 'tenant', 'user_id', 'revision'] as const;

export const OUTBOX_OWNER = ['hook', 'tenant', 'user_id'] as const;

/** A row for each hook, where others can see the change. */
export const outboxRows = (
  { hooks, now }: Found,
  { write, tenant, userId }: Asked,
  versionBefore: number,
): Row[] => {
  const { record, steps, base } = write;
  const version = record?.public.version ?? 0;
  if (hooks.length === 0 || (record !== null && version === versionBefore)) return [];
  const step = JSON.stringify(steps.at(-1) ?? null);
  const data = `{"step":${step},"record":${record === null ? 'null' : encodeRecord(record)}}`;
  // What deletes has a place behind everything before it.
  const revision = record?.revision ?? base + 1;
  return hooks.map((hook) => [hook, tenant, userId, revision, version, now.at, 0, 0, '', data]);
};
