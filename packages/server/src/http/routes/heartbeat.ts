import { isPresenceError, leaseForMs, promisedBeatMs } from '@presence/core';
import {
  heartbeatSchema,
  LIMITS,
  type HeartbeatRequest,
  type HeartbeatResponse,
} from '@presence/core/protocol';
import type { Beaten, Executed } from '../../engine/types.ts';
import { clientPolicyOf } from '../../me.ts';
import { DIAGNOSTICS } from '../../metrics/channels.ts';
import { attempt, chain, type Soon } from '../../soon.ts';
import { checkAccount } from '../../security/account-source.ts';
import { json, jsonText } from '../answers.ts';
import type { Caller } from '../callers.ts';
import { refuseWhileDraining } from '../draining.ts';
import { noParams, noQuery } from '../query.ts';
import { signedInRoute, type SignedInCall } from '../route.ts';
import type { HttpAnswer } from '../types.ts';
import { isPlainBeat } from './plain-beat.ts';
import { numberIn, rememberBeat, wordsOf, type KnownBeat } from './known-beats.ts';
import { headOf, withInstant } from './beat-answer.ts';

/** The body; with an earlier one of the same words, if there was one. */
interface Beat extends HeartbeatRequest {
  readonly known?: KnownBeat;
}

type Call = SignedInCall<Beat, unknown, unknown>;

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
const idleMsOf = ({ node, key, body }: Call): Soon<number | null> => {
  const { activity, idleMs, sessionId } = body;
  if (activity !== 'idle') return null;
  if (idleMs !== undefined) return idleMs;
  if (sessionId === undefined) return 0;
  return chain(node.engine.read(key), ({ at, record }) => {
    const session = record?.sessions.find(({ id }) => id === sessionId);
    return session === undefined || session.idleSince === null ? 0 : at - session.idleSince;
  });
};

/** A new session, or a known one whose connection this client now is. */
const open = async (call: Call, known: string | null): Promise<HeartbeatResponse> => {
  const { node, key, policy, principal, body } = call;
  if (known === null) refuseWhileDraining(call.node);
  await checkAccount(node, key);
  const idleMs = await idleMsOf(call);
  const sessionId = known ?? node.options.random.id();
  const taken = await node.engine.execute(key, {
    type: 'open',
    sessionId,
    resume: known !== null,
    lease: { ownForMs: leaseForMs(policy, body.hidden === true) },
    device: body.device ?? null,
    idleMs,
    seq: 0,
    issuedAt: principal.issuedAt,
    allowedRooms: principal.rooms,
  });
  const generation = taken.session?.generation ?? 0;
  return {
    ...answer(call, sessionId, taken),
    generation,
    leaveToken: node.leaveTokens.issue({ key, sessionId, generation }),
    policy: clientPolicyOf(policy),
  };
};

const opened = async (call: Call, known: string | null): Promise<HttpAnswer> =>
  json(await open(call, known));

/** So that the next one of the same words is no more than a renewal. */
const remember = (call: Call, sessionId: string, { standing }: Beaten, head: string): void => {
  const { caller, callers, limiters, principal, sent } = call;
  // A beat must not remember the one before it, and that one the one before.
  const { known: _, ...request } = call.body;
  const { seq, activity } = request;
  // For how long there was no input is another number each time.
  if (standing === null || seq === undefined || activity === 'idle') return;
  const words = sent instanceof Uint8Array ? wordsOf(sent, seq) : null;
  if (words === null) return;
  const { issuedAt } = principal;
  const bucket = limiters.sessionBucket(caller, sessionId);
  rememberBeat(caller.beats, { ...words, request, issuedAt, standing, bucket, head });
  callers.keep(caller);
};

/** The body that a known beat stands for, where these are its words. */
const recall = (bytes: Uint8Array, { beats }: Caller): Beat | null => {
  for (const known of beats) {
    const seq = numberIn(known, bytes);
    if (seq < 0) continue;
    const { sessionId, generation, activity, idleMs, hidden, device } = known.request;
    return { sessionId, generation, seq, activity, idleMs, hidden, device, known };
  }
  return null;
};

const judged = (call: Call, sessionId: string): Soon<HttpAnswer> => {
  const { node, key, policy, principal, body } = call;
  const beaten = chain(idleMsOf(call), (idleMs) =>
    node.engine.beat(key, {
      type: 'beat',
      sessionId,
      generation: body.generation,
      seq: body.seq ?? null,
      forMs: leaseForMs(policy, body.hidden === true),
      idleMs,
      issuedAt: principal.issuedAt,
    }),
  );
  return chain(beaten, (done) => {
    const head = headOf(answer(call, sessionId, done));
    remember(call, sessionId, done, head);
    return jsonText(withInstant(head, done.at));
  });
};

/** Whether nothing but its number is new about a beat: what was said of the former is said of it. */
const isSteady = ({ body: { seq }, principal }: Call, known: KnownBeat): boolean =>
  seq !== undefined && seq > known.standing.seq && principal.issuedAt === known.issuedAt;

const beat = (call: Call, sessionId: string): Soon<HttpAnswer> => {
  const { known } = call.body;
  if (known === undefined || !isSteady(call, known)) return judged(call, sessionId);
  return chain(call.node.engine.again(known.standing), (at) =>
    at === null ? judged(call, sessionId) : jsonText(withInstant(known.head, at)),
  );
};

/** A client that does not number its beats: a beat while its session lives here, else a return to it. */
const beatOrOpen = (call: Call, sessionId: string): Soon<HttpAnswer> =>
  attempt(
    () => beat(call, sessionId),
    (error) => {
      if (isPresenceError(error) && error.code === 'session_gone') return opened(call, sessionId);
      throw error;
    },
  );

/** One addition, and a look whether anybody listens. */
const noteHeartbeat = ({ node, key }: Call, sessionId: string | undefined): void => {
  node.tally.heartbeats += 1;
  if (!DIAGNOSTICS.heartbeat.hasSubscribers) return;
  DIAGNOSTICS.heartbeat.publish({ tenant: key.tenant, userId: key.userId, sessionId });
};

const beaten = (call: Call): Soon<HttpAnswer> => {
  const { sessionId, seq, generation } = call.body;
  noteHeartbeat(call, sessionId);
  if (sessionId === undefined) return opened(call, null);
  const { limiters, caller, body } = call;
  limiters.session(body.known?.bucket ?? limiters.sessionBucket(caller, sessionId));
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
    recall,
    maxBytes: LIMITS.bodyBytes,
    acceptsText: false,
  },
  query: noQuery,
  params: noParams,
  run: beaten,
});
