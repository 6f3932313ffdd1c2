import type { UserPresence } from '@presence/client';
import { AvatarStack } from '@presence/react';
import { useCallback, type ReactNode } from 'react';
import { portraitOf } from '../portrait.ts';
import { useHere } from '../workspace-context.ts';

/** As many faces as the head of a page has room for. */
const MOST = 4;

interface HereNowProps {
  /** Of everybody whom the page is about. */
  readonly presences: readonly UserPresence[];
}

/** The faces of whoever is not offline. */
export const HereNow = ({ presences }: HereNowProps): ReactNode => {
  const { memberOf } = useHere();
  const nameOf = useCallback((id: string) => memberOf(id).name, [memberOf]);
  const pictureOf = useCallback((id: string) => portraitOf(memberOf(id)), [memberOf]);
  const here = presences.filter(({ status }) => status !== 'offline' && status !== 'unknown');
  return (
    <div className="here-now">
      <AvatarStack
        userIds={here.map(({ userId }) => userId)}
        getName={nameOf}
        getAvatar={pictureOf}
        limit={MOST}
      />
    </div>
  );
};
