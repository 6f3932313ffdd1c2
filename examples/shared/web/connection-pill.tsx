import { useConnection } from '@presence/react';
import type { ConnectionState } from '@presence/client';
import type { ReactNode } from 'react';

interface Shown {
  readonly tone: 'good' | 'waiting' | 'bad';
  readonly text: string;
  readonly title: string;
}

const shownOf = ({ status, transport, role, error }: ConnectionState): Shown => {
  if (status === 'stopped') {
    return { tone: 'bad', text: 'Stopped', title: error?.message ?? 'Signed out.' };
  }
  if (status !== 'connected') {
    const text = status === 'reconnecting' ? 'Reconnecting…' : 'Connecting…';
    return { tone: 'waiting', text, title: error?.message ?? 'Finding the server.' };
  }
  if (role === 'follower') {
    return {
      tone: 'good',
      text: 'Live',
      title: 'Another tab of this browser holds the connection.',
    };
  }
  return transport === 'http'
    ? { tone: 'waiting', text: 'Polling', title: 'No socket can be had: heartbeats over HTTP.' }
    : {
        tone: 'good',
        text: 'Live',
        title: `One ${transport === 'stream' ? 'stream' : 'WebSocket'} for all tabs of this browser.`,
      };
};

/** How this window is connected, in a word. */
export const ConnectionPill = (): ReactNode => {
  const connection = useConnection();
  const { tone, text, title } = shownOf(connection);
  return (
    <span
      className={`pill pill-${tone}`}
      role="status"
      title={title}
      data-testid="connection"
      data-connection={connection.status}
      data-transport={connection.transport ?? 'none'}
      data-role={connection.role ?? 'none'}
    >
      <span className="pill-light" aria-hidden="true" />
      {text}
    </span>
  );
};
