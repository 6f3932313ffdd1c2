// What an HTTP heartbeat costs the server beyond a bare JSON POST route of the same framework with the same login and
// answer size: CPU time of the server process, in rounds that alternate between the two. The load comes from here.
import { fileURLToPath } from 'node:url';
import { aloneUs } from './heartbeat/alone.ts';
import { startExpress, startFastify } from './heartbeat/applications.ts';
import { connectUs, REFERENCE_CONNECT_US, startBareSockets } from './heartbeat/calibration.ts';
import { contentOf, openWire, type Wire } from './heartbeat/load.ts';
import { answers, cpuMs, figure, machine, median, role, start, type Side } from './sides.ts';

const USERS = 2000;
const CONNECTIONS = 32;
const REQUESTS = 1000;
const WARM_UP = 15;
const ROUNDS = 61;

const BOUNDS_US = { fastify: 8, express: 12 } as const;

type Framework = keyof typeof BOUNDS_US;

interface Beating {
  readonly sessionId: string;
  readonly generation: number;
  seq: number;
}

/** So many requests over all connections, the users in turn. */
const send = async (
  wires: readonly Wire[],
  path: string,
  sessions: readonly Beating[],
): Promise<void> => {
  let sent = 0;
  const keepSending = async (wire: Wire): Promise<void> => {
    while (sent < REQUESTS) {
      const user = sent % USERS;
      sent += 1;
      const session = sessions[user] as Beating;
      session.seq += 1;
      const body = `{"sessionId":"${session.sessionId}","generation":${session.generation},"seq":${session.seq},"activity":"active","hidden":false}`;
      contentOf(await wire.post(path, `t${user}`, body));
    }
  };
  await Promise.all(wires.map(keepSending));
};

const openSessions = async (wire: Wire): Promise<readonly Beating[]> => {
  const sessions: Beating[] = [];
  for (let user = 0; user < USERS; user += 1) {
    const text = await wire.post('/presence/heartbeat', `t${user}`, '{"device":"web"}');
    const { sessionId, generation } = contentOf(text);
    sessions.push({ sessionId: String(sessionId), generation: Number(generation), seq: 0 });
  }
  return sessions;
};

interface Costs {
  readonly bareUs: number;
  readonly beatUs: number;
}

const roundsOf = async (server: Side): Promise<readonly Costs[]> => {
  const port = await server.ask<number>('listen');
  const wires = await Promise.all(Array.from({ length: CONNECTIONS }, () => openWire(port)));
  const sessions = await openSessions(wires[0] as Wire);

  const costUs = async (path: string): Promise<number> => {
    const before = await server.ask<number>('cpu');
    await send(wires, path, sessions);
    return (((await server.ask<number>('cpu')) - before) * 1000) / REQUESTS;
  };

  const costs: Costs[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const bareUs = await costUs('/bare');
    const beatUs = await costUs('/presence/heartbeat');
    if (round >= WARM_UP) costs.push({ bareUs, beatUs });
  }
  for (const wire of wires) wire.close();
  return costs;
};

const calibrate = async (): Promise<number> => {
  const server = start(fileURLToPath(import.meta.url), 'sockets');
  const us = await connectUs(server);
  await server.stop();
  return us;
};

const compare = async (framework: Framework): Promise<void> => {
  const before = await calibrate();
  const server = start(fileURLToPath(import.meta.url), framework);
  const costs = await roundsOf(server);
  await server.stop();
  // By what the same calls cost in the same run: before and after, for other work may come and go.
  const slowness = (before + (await calibrate())) / 2 / REFERENCE_CONNECT_US;
  const unit = 'µs CPU';
  figure(`${framework}: a bare JSON POST route`, median(costs.map(({ bareUs }) => bareUs)), unit);
  figure(`${framework}: a heartbeat`, median(costs.map(({ beatUs }) => beatUs)), unit);
  const more = median(costs.map(({ bareUs, beatUs }) => beatUs - bareUs));
  const bound = `at most ${BOUNDS_US[framework]}`;
  figure(`${framework}: a heartbeat beyond it, raw`, more, unit, bound);
  figure(`${framework}: this machine : the one of the bounds, by bare connects`, slowness, '×');
  figure(
    `${framework}: a heartbeat beyond it, normalised by that`,
    more / slowness,
    unit,
    'a hint',
  );
};

if (role === 'fastify' || role === 'express') {
  const listen = role === 'fastify' ? startFastify : startExpress;
  answers({ listen, cpu: cpuMs });
} else if (role === 'sockets') {
  answers({ listen: startBareSockets, cpu: cpuMs });
} else {
  console.log(`HTTP heartbeats of ${USERS} users over ${CONNECTIONS} connections. ${machine()}`);
  figure('a heartbeat in process, without HTTP', await aloneUs(), 'µs CPU');
  await compare('fastify');
  await compare('express');
}
