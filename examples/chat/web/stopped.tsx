import { useConnection } from '@presence/react';
import type { ReactNode } from 'react';
import { Lamp } from './lamp.tsx';

/** Who is not connected for good sees that, and nothing that is no longer true. */
export const Stopped = (): ReactNode => {
  const { error } = useConnection();
  return (
    <main className="door" role="alert">
      <div className="door-card">
        <Lamp size={52} />
        <h1>The light went out</h1>
        <p>{error?.message ?? 'You signed out.'}</p>
        <button type="button" className="enter" onClick={() => location.reload()}>
          Come in again
        </button>
      </div>
    </main>
  );
};
