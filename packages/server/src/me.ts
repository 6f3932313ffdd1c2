import { emptyRecord, project, type Claim, type Policy, type PresenceRecord } from '@presence/core';
import { staleAfterMs } from '@presence/core';
import type { ClientPolicy, Me, WireClaim } from '@presence/core/protocol';

const wireClaim = (claim: Claim): WireClaim => ({
  source: claim.source,
  status: claim.status,
  ...(claim.message !== null && { message: claim.message }),
  ...(claim.emoji !== null && { emoji: claim.emoji }),
  ...(claim.until !== null && { until: claim.until }),
});

/** The user's own view with everything they declared. For the user and admins only. */
export const meOf = (userId: string, record: PresenceRecord | null): Me => {
  const { claims, visibility, account } = record ?? emptyRecord(userId);
  return {
    presence: project(userId, record, 'true'),
    claims: claims.map(wireClaim),
    visibility,
    account,
  };
};

/** The part of a policy that clients act on. */
export const clientPolicyOf = (policy: Policy): ClientPolicy => ({
  awayAfterMs: policy.awayAfterMs,
  offlineAfterIdleMs: policy.offlineAfterIdleMs,
  heartbeatMs: policy.heartbeatMs,
  hiddenHeartbeatMs: policy.hiddenHeartbeatMs,
  pingMs: policy.pingMs,
  pongTimeoutMs: policy.pongTimeoutMs,
  staleAfterMs: staleAfterMs(policy),
});
