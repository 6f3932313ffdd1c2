import { createLogins, VALID_MS, type Login } from '@presence/example-shared/logins.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Who a browser is in one organisation. */
interface Who {
  readonly userId: string;
  readonly organisation: string;
}

/**
 * One sign-in for each organisation: its cookie goes to paths below the organisation's and to no others, so that one
 * browser can be in two of them at once and requests never take the one for the other.
 */
export interface SignIns {
  begin(reply: FastifyReply, who: Who): void;
  /** `null`: nobody, or somebody of another organisation than the one whose path this is. */
  read(request: FastifyRequest): Login<Who> | null;
  end(request: FastifyRequest, reply: FastifyReply): void;
}

const COOKIE = 'sign-in';

/** The organisation whose path it is. */
const organisationOf = ({ url }: FastifyRequest): string => url.split('/')[1] ?? '';

/** @param key signs the cookies; whoever knows it can be anybody */
export const createSignIns = (key: string): SignIns => {
  const logins = createLogins<Who>(key);
  const tokenOf = ({ cookies }: FastifyRequest): string => cookies[COOKIE] ?? '';
  return {
    begin: (reply, who) => {
      reply.setCookie(COOKIE, logins.issue(who), {
        path: `/${who.organisation}`,
        httpOnly: true,
        sameSite: 'strict',
        maxAge: VALID_MS / 1000,
      });
    },
    read: (request) => {
      const login = logins.read(tokenOf(request));
      return login?.organisation === organisationOf(request) ? login : null;
    },
    end: (request, reply) => {
      logins.end(tokenOf(request));
      reply.clearCookie(COOKIE, { path: `/${organisationOf(request)}` });
    },
  };
};
