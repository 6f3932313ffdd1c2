// What the client costs its page: a change that arrives, beside one Socket.IO event for each, and a pointer that moves.
import {
  applyAlone,
  clients,
  compareOverSockets,
  serveClient,
  servers,
} from './client/applying.ts';
import { measurePointer } from './client/pointer.ts';
import { answers, machine, role } from './sides.ts';

const FILE = import.meta.filename;

const compare = async (): Promise<void> => {
  console.log(`The client: changes that arrive, a pointer that moves. ${machine()}`);
  await applyAlone();
  await compareOverSockets(FILE);
  await measurePointer();
  process.exit(0);
};

const [part = '', name = ''] = role.split(' ');
const server = part === 'serve' ? servers[name] : undefined;
const client = part === 'join' ? clients[name] : undefined;
if (server) {
  const port = server();
  answers({ port: () => port });
} else if (client) serveClient(client);
else await compare();
