import { LIMITS, type HeartbeatRequest } from '@presence/core/protocol';

const PLAIN_ID = /^[\w-]{1,128}$/;
const PLAIN_DEVICE = /^[\w-]{1,32}$/;

const isCount = (value: unknown, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;

const isField = (name: string, value: unknown): boolean => {
  switch (name) {
    case 'sessionId':
      return typeof value === 'string' && PLAIN_ID.test(value);
    case 'generation':
      return value !== 0 && isCount(value, Number.MAX_SAFE_INTEGER);
    case 'seq':
      return isCount(value, Number.MAX_SAFE_INTEGER);
    case 'activity':
      return value === 'active' || value === 'idle';
    case 'idleMs':
      return isCount(value, LIMITS.idleMs);
    case 'hidden':
      return typeof value === 'boolean';
    case 'device':
      return typeof value === 'string' && PLAIN_DEVICE.test(value);
    default:
      return false;
  }
};

/**
 * Says yes to the heartbeats that clients send all day, and never to one that the schema refuses.
 * A no means nothing: the schema decides. Heartbeats are most of a server's requests, and the
 * schema would be the largest part of what one costs.
 */
export const isPlainBeat = (value: unknown): value is HeartbeatRequest => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const name in value) {
    if (!isField(name, (value as Readonly<Record<string, unknown>>)[name])) return false;
  }
  return true;
};
