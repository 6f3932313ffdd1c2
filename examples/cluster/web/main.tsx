import { createPresenceClient } from '@presence/client';
import { PresenceProvider } from '@presence/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@presence/react/styles.css';
import './styles/index.css';
import { App } from './app.tsx';
import { visitorId } from './visitor.ts';

const userId = visitorId();
const client = createPresenceClient({ url: `/as/${userId}/presence`, userId, device: 'web' });

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <PresenceProvider client={client}>
        <App userId={userId} />
      </PresenceProvider>
    </StrictMode>,
  );
}
