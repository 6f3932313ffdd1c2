import { useConnection } from '@presence/react';
import type { ReactNode } from 'react';

/** Says that what is shown may be old, for as long as it may. */
export const ConnectionBanner = (): ReactNode => {
  const { status, transport, role } = useConnection();
  return (
    <div
      className="connection"
      role="status"
      data-testid="connection"
      data-connection={status}
      data-transport={transport ?? 'none'}
      data-role={role ?? 'none'}
    >
      {status === 'reconnecting' && 'Reconnecting … Who is here shows again in a moment.'}
    </div>
  );
};
