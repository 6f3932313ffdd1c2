import { isPresenceError, leaseForMs, PresenceError, promisedBeatMs } from '@presence/core';
import {
  heartbeatSchema,
  LIMITS,
  type HeartbeatRequest,
  type HeartbeatResponse,
} from '@presence/core/protocol';
import type { Executed } from '../../engine/types.ts';
import { clientPolicyOf } from '../../me.ts';
import { checkAccount } from '../../security/account-source.ts';
import { json, jsonText } from '../answers.ts';
import { noParams, noQuery } from '../query.ts';
import { signedInRoute, type SignedInCall } from '../route.ts';
import type { HttpAnswer } from '../types.ts';
import { isPlainBeat } from './plain-beat.ts';
import { steadyText } from './steady-text.ts';

type Call = SignedInCall<HeartbeatRequest, unknown, unknown>;

const answer = (call: Call, sessionId: string, { at, record }: Executed): HeartbeatResponse => {
  const hidden = call.body.hidden === true;
  return {
    sessionId,
    userId: call.key.userId,
    status: record?.own.status ?? 'offline',
    version: record?.own.version ?? 0,
    nextBeatMs: promisedBeatMs(call.policy, hidden),
    leaseMs: leaseForMs(call.policy, hidden),
    asOf: at,
  };
};

/**
 * For how long there was no input. An idle client that does not say since when keeps the instant
 * that is known already: saying "still idle" is not activity.
 */
const idleMsOf = async ({ node, key, body }: Call): Promise<number | null> => {
  if (body.activity !== 'idle') return null;
  if (body.idleMs !== undefined) return body.idleMs;
  if (body.sessionId === undefined) return 0;
  const { at, record } = await node.engine.read(key);
  const session = record?.sessions.find(({ id }) => id === body.sessionId);
  return session === undefined || session.idleSince === null ? 0 : at - session.idleSince;
};

const refuseWhileDraining = ({ node }: Call): void => {
  if (!node.isDraining()) return;
  throw new PresenceError('draining', 'This server is stopping. Try again: another one answers.');
};

/** A new session, or a known one whose connection this client now is. */
const open = async (call: Call, known: string | null): Promise<HeartbeatResponse> => {
  const { node, key, policy, principal, body } = call;
  if (known === null) refuseWhileDraining(call);
  await checkAccount(node, key);
  const idleMs = await idleMsOf(call);
  const sessionId = known ?? node.options.random.id();
  const executed = await node.engine.execute(key, {
    type: 'open',
    sessionId,
    resume: known !== null,
    lease: { ownForMs: leaseForMs(policy, body.hidden === true) },
    device: body.device ?? null,
    idleMs,
    seq: 0,
    issuedAt: principal.issuedAt,
  });
  const generation = executed.session?.generation ?? 0;
  return {
    ...answer(call, sessionId, executed),
    generation,
    leaveToken: node.leaveTokens.issue({ key, sessionId, generation }),
    policy: clientPolicyOf(policy),
  };
};

const opened = async (call: Call, known: string | null): Promise<HttpAnswer> =>
  json(await open(call, known));

const beat = async (call: Call, sessionId: string): Promise<HttpAnswer> => {
  const { node, key, policy, principal, body } = call;
  const executed = await node.engine.beat(key, {
    type: 'beat',
    sessionId,
    generation: body.generation,
    seq: body.seq ?? null,
    forMs: leaseForMs(policy, body.hidden === true),
    idleMs: body.activity === 'idle' ? await idleMsOf(call) : null,
    issuedAt: principal.issuedAt,
  });
  return jsonText(steadyText(answer(call, sessionId, executed)));
};

/** A client that does not number its beats: a beat while its session lives here, else a return to it. */
const beatOrOpen = async (call: Call, sessionId: string): Promise<HttpAnswer> => {
  try {
    return await beat(call, sessionId);
  } catch (error) {
    if (isPresenceError(error) && error.code === 'session_gone') return opened(call, sessionId);
    throw error;
  }
};

const beaten = (call: Call): Promise<HttpAnswer> => {
  const { sessionId, seq, generation } = call.body;
  if (sessionId === undefined) return opened(call, null);
  call.limiters.session(call.key, sessionId);
  // Who names a connection never takes over from the next one.
  if (seq === undefined && generation === undefined) return beatOrOpen(call, sessionId);
  return seq === 0 ? opened(call, sessionId) : beat(call, sessionId);
};

/** A session id is looked up in the caller's own record: somebody else's is as unknown as any. */
export const heartbeat = signedInRoute({
  method: 'POST',
  path: '/heartbeat',
  login: 'required',
  standing: 'command',
  limit: 'beats',
  body: {
    schema: heartbeatSchema,
    isPlain: isPlainBeat,
    maxBytes: LIMITS.bodyBytes,
    acceptsText: false,
  },
  query: noQuery,
  params: noParams,
  run: beaten,
});
