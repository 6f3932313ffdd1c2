import { AvatarStack } from '@presence/react';
import { useCallback, type ReactNode } from 'react';
import { portraitOf } from '../portrait.ts';
import { useHere } from '../workspace-context.ts';

/** As many faces as the head of a page has room for. */
const MOST = 4;

interface HereNowProps {
  readonly userIds: readonly string[];
  /** What they have in common: "here now". */
  readonly label: string;
}

/** Faces in the head of a page. */
export const HereNow = ({ userIds, label }: HereNowProps): ReactNode => {
  const { memberOf } = useHere();
  const nameOf = useCallback((id: string) => memberOf(id).name, [memberOf]);
  const pictureOf = useCallback((id: string) => portraitOf(memberOf(id)), [memberOf]);
  return (
    <div className="here-now" role="group" aria-label={label} data-here={userIds.join(' ')}>
      <AvatarStack userIds={userIds} getName={nameOf} getAvatar={pictureOf} limit={MOST} />
      <span className="here-now-label" aria-hidden>
        {label}
      </span>
    </div>
  );
};
