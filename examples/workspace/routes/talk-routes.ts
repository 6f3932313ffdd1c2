import type { Clock } from '@presence/core';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Channel, Organisation } from '../organisations.ts';
import type { SignIns } from '../sign-ins.ts';
import type { Talk } from '../talk.ts';
import { refused } from './refused.ts';

interface Context {
  readonly organisation: Organisation;
  readonly signIns: SignIns;
  readonly talk: Talk;
  readonly clock: Clock;
}

interface OfChannel {
  readonly Params: { readonly channel: string };
  readonly Body: { readonly text?: unknown } | undefined;
}

/** A stream at rest says a word this often: what stands between may close what is silent for a minute. */
const WORD_MS = 25_000;

/** A message has a thousand characters, of up to six bytes each as JSON has them. */
const MOST_BYTES = 8192;

const SIGN_IN_FIRST = refused('Sign in first.');

/** What was said in the channels of one organisation, what is being said, and saying something. */
export const talkRoutes: FastifyPluginAsync<Context> = async (app, context) => {
  const { organisation, signIns, talk, clock } = context;
  const whoOf = (request: FastifyRequest): string | undefined => signIns.read(request)?.userId;
  const channelOf = (id: string): Channel | undefined =>
    organisation.channels.find((channel) => channel.id === id);

  app.get<OfChannel>('/channels/:channel/messages', async (request, reply) => {
    if (!whoOf(request)) return reply.code(401).send(SIGN_IN_FIRST);
    const channel = channelOf(request.params.channel);
    if (!channel) return reply.code(404).send(refused('There is no such channel.'));
    return reply.header('Cache-Control', 'no-store').send({ messages: await talk.latest(channel) });
  });

  // Everybody of the organisation may read a channel; its members write.
  app.post<OfChannel>(
    '/channels/:channel/messages',
    { bodyLimit: MOST_BYTES },
    async (request, reply) => {
      const who = whoOf(request);
      if (!who) return reply.code(401).send(SIGN_IN_FIRST);
      const channel = channelOf(request.params.channel);
      if (!channel?.members.includes(who)) {
        return reply.code(403).send(refused('Members of the channel write here.'));
      }
      try {
        return await reply.code(201).send(await talk.say(channel, who, request.body?.text));
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        return reply.code(400).send(refused(error.message));
      }
    },
  );

  app.get('/messages', (request, reply) => {
    if (!whoOf(request)) return reply.code(401).send(SIGN_IN_FIRST);
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    raw.write(': open\n\n');
    // Signed out meanwhile: whoever kept the stream hears nothing more.
    const say = (words: string): void => {
      if (whoOf(request)) raw.write(words);
      else end();
    };
    const stop = talk.listen((message) => say(`data: ${JSON.stringify(message)}\n\n`));
    const stopWords = clock.every(WORD_MS, () => say(':\n\n'));
    const end = (): void => {
      stop();
      stopWords();
      raw.end();
    };
    raw.once('close', end);
    return reply;
  });
};
