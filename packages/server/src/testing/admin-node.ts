import type { AuditEvent } from '../admin/types.ts';
import type { Authorize, PresenceOptions, Principal } from '../types.ts';
import { createAskedNode, type AskedNode } from './asked-node.ts';

export const ROOT: Principal = { userId: 'root', roles: ['admin'] };

const authorize: Authorize = ({ roles }, action) =>
  !action.startsWith('admin:') || roles?.includes('admin') === true;

/** A node with admin routes, asked as an admin; what they did is in `audited`. */
export const createAdminNode = (options: Partial<PresenceOptions<Principal | null>> = {}) => {
  const node = createAskedNode({ admin: true, security: { authorize }, ...options });
  const audited: AuditEvent[] = [];
  node.presence.on('audit', (event) => void audited.push(event));
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what the test expects to be answered
  const as = async <Content>(line: string, body?: unknown, headers = {}) => {
    const answer = await node.ask(line, { as: ROOT, body, headers });
    return { ...answer, json: answer.json as Content };
  };
  const refused = async (line: string, body?: unknown, headers = {}) => {
    const { status, json } = await as<{ error?: { code: string } }>(line, body, headers);
    return [status, json.error?.code];
  };
  const more = { audited, as, refused };
  const admin: AskedNode & typeof more = { ...node, ...more };
  return admin;
};
