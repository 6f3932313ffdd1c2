import { useConnection } from '@presence/react';
import { useTalk } from '@presence/example-shared/web/use-talk.ts';
import { useEffect, useMemo, type ReactNode } from 'react';
import { createLine } from '../line.ts';
import { useRoute } from '../route.ts';
import { TalkContext } from '../talk-context.ts';
import { useHere } from '../workspace-context.ts';

/** What is said in the channels. The tab that holds the connection of presence hears it for all tabs of this browser. */
export const Talking = ({ children }: { readonly children: ReactNode }): ReactNode => {
  const { organisation, me, openChannel } = useHere();
  const { status, role } = useConnection();
  const line = useMemo(() => createLine(organisation.id, me.id), [organisation.id, me.id]);
  const leads = status === 'connected' && role !== 'follower';
  useEffect(() => (leads ? line.lead() : undefined), [line, leads]);
  const channel = openChannel(useRoute());
  const talk = useTalk({ line, room: channel?.id ?? null, me: me.id });
  return <TalkContext value={talk}>{children}</TalkContext>;
};
