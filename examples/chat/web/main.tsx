import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@presence/react/styles.css';
import './styles/index.css';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
