import type { BorderListener, SocketFacts } from './border.ts';
import type { Line, Pipe } from './network.ts';
import type { ServerLife } from './server-process.ts';

/** What a client hears of its socket. */
export interface SocketListener {
  open(): void;
  message(text: string): void;
  closed(code: number, reason: string): void;
}

/** What a client does with its socket. */
export interface ClientSocket {
  readonly id: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface Socket extends SocketFacts {
  /** The process of the server died, or the machine of the client did. */
  reset(): void;
  isOver(): boolean;
  /** Whatever is sent, nothing arrives any more. */
  isBroken(): boolean;
}

export interface SocketParts {
  readonly id: number;
  readonly line: Line;
  life(): ServerLife | null;
  tell(event: (listener: BorderListener) => void): void;
  /** To the page, which may stand still. */
  toPage(task: () => void): void;
  changeFrame(text: string, socket: object): string | null;
  opened(socket: Socket, life: ServerLife): void;
}

interface Wire {
  readonly facts: SocketFacts;
  readonly up: Pipe;
  readonly down: Pipe;
  isClientOver: boolean;
  isServerOver: boolean;
}

const ABNORMAL = 1006;

const RESET_MS = 50;

const CLOSE_MS = 30_000;

/** How the server's end of a wire comes to its end. */
const createFate = (parts: SocketParts, wire: Wire, life: ServerLife, onLost: () => void) => {
  let isTold = false;
  /** To the server a socket that it closes is gone at once, whatever its peer still has to say. */
  const tellClosed = (byServer: boolean): void => {
    if (isTold) return;
    isTold = true;
    parts.tell(({ closed }) => closed?.(wire.facts, byServer));
  };
  const lose = (): void => {
    if (wire.isServerOver) return;
    wire.isServerOver = true;
    if (life.clock.state === 'dead') return;
    tellClosed(false);
    onLost();
  };
  return {
    lose,
    /** The peer answers that it knows of no such connection; what it had sent before is read first. */
    refused: (): void => void life.clock.after(RESET_MS, lose),
    closing: (withinMs: number): void => {
      tellClosed(true);
      life.clock.after(withinMs, lose);
    },
    deliver: (task: () => void): void =>
      life.clock.deliver(() => (wire.isServerOver ? undefined : task())),
  };
};

const endBoth = ({ up, down }: Wire): void => {
  up.breakDown();
  down.breakDown();
};

/** The server's end: the connection that its gateway drives. */
const serverEnd = (parts: SocketParts, wire: Wire, listener: SocketListener, life: ServerLife) => {
  const { facts, up, down } = wire;
  const closeClient = (code: number, reason: string): void => {
    if (wire.isClientOver) return;
    wire.isClientOver = true;
    parts.toPage(() => listener.closed(code, reason));
  };
  const fate = createFate(parts, wire, life, () => events.closed());
  const { lose, refused, deliver } = fate;

  const events = life.presence.accept({
    isWritable: true,
    write: ({ text }) => {
      const changed = wire.isServerOver ? null : parts.changeFrame(text, wire);
      if (changed === null) return;
      parts.tell(({ frameOut }) => frameOut?.(facts, changed));
      const read = (): void => parts.toPage(() => listener.message(changed));
      down.send(() => (wire.isClientOver ? undefined : read()), refused);
    },
    // A browser answers pings without its page, however busy or frozen that is.
    ping: (marker) =>
      down.send(() => {
        if (!wire.isClientOver) up.send(() => deliver(() => events.pong(marker)));
      }, refused),
    pong: () => undefined,
    close: (code, reason) => {
      // Whoever does not answer a goodbye is gone without one.
      fate.closing(CLOSE_MS);
      down.send(() => {
        closeClient(code, reason);
        up.send(() => {
          deliver(lose);
          endBoth(wire);
        });
      });
    },
    terminate: () => {
      fate.closing(0);
      down.send(() => {
        closeClient(ABNORMAL, '');
        endBoth(wire);
      });
    },
  });
  return { events, deliver, lose, closeClient };
};

/** Opens a socket through a line. */
export const openSocket = (parts: SocketParts, listener: SocketListener): ClientSocket => {
  const { line, id } = parts;
  const { up, down } = line.openPipes();
  const facts: SocketFacts = { id, line: line.name };
  const wire: Wire = { facts, up, down, isClientOver: false, isServerOver: false };
  let end: ReturnType<typeof serverEnd> | null = null;

  const over = (): void => endBoth(wire);
  const fail = (): void => {
    over();
    if (wire.isClientOver) return;
    wire.isClientOver = true;
    parts.toPage(() => listener.closed(ABNORMAL, ''));
  };

  const arrive = (): void => {
    const life = parts.life();
    if (life === null) return down.send(fail, fail);
    life.clock.deliver(() => {
      if (wire.isClientOver) return over();
      const made = serverEnd(parts, wire, listener, life);
      end = made;
      const reset = (): void => {
        wire.isServerOver = true;
        down.send(() => {
          made.closeClient(ABNORMAL, '');
          over();
        }, over);
      };
      parts.opened(
        { ...facts, reset, isOver: () => wire.isServerOver, isBroken: () => up.isBroken },
        life,
      );
      down.send(() => (wire.isClientOver ? undefined : parts.toPage(listener.open)), fail);
    });
  };
  up.send(arrive, fail);

  return {
    id,
    send: (text) => {
      if (wire.isClientOver) return;
      const arrived = (): void =>
        end?.deliver(() => {
          parts.tell(({ frameIn }) => frameIn?.(facts, text));
          end?.events.message(text);
        });
      // A peer that lost the connection answers with a reset.
      up.send(arrived, fail);
    },
    close: () => {
      if (wire.isClientOver) return;
      wire.isClientOver = true;
      up.send(() => {
        end?.deliver(() => end?.lose());
        over();
      });
    },
  };
};
