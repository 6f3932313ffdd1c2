import type { CSSProperties } from 'react';

// Inline, not a style sheet: what few pages load must not stand in the one that all of them do. System colours follow
// the page's own light or dark.

const faint = 'color-mix(in srgb, CanvasText 20%, Canvas)';

export const root: CSSProperties = {
  position: 'fixed',
  insetBlockEnd: 12,
  insetInlineEnd: 12,
  zIndex: 2_147_483_000,
  display: 'flex',
  flexDirection: 'column-reverse',
  alignItems: 'flex-end',
  gap: 8,
  font: '12px/1.5 ui-monospace, SFMono-Regular, Menlo, monospace',
  color: 'CanvasText',
  colorScheme: 'var(--presence-scheme)',
};

export const button: CSSProperties = {
  font: 'inherit',
  color: 'inherit',
  background: 'Canvas',
  border: `1px solid ${faint}`,
  borderRadius: 6,
  padding: '4px 10px',
  cursor: 'pointer',
};

export const panel: CSSProperties = {
  inlineSize: 'min(560px, calc(100vw - 24px))',
  blockSize: 'min(620px, calc(100vh - 72px))',
  overflow: 'auto',
  background: 'Canvas',
  border: `1px solid ${faint}`,
  borderRadius: 10,
  boxShadow: '0 12px 32px rgb(0 0 0 / 25%)',
  padding: '4px 14px 14px',
};

export const heading: CSSProperties = { font: 'inherit', fontWeight: 700, margin: '12px 0 4px' };

export const facts: CSSProperties = {
  display: 'grid',
  gridTemplateColumns: 'max-content 1fr',
  gap: '0 12px',
  margin: 0,
};

export const fact: CSSProperties = { margin: 0, overflowWrap: 'anywhere' };

export const muted: CSSProperties = { color: 'color-mix(in srgb, CanvasText 72%, Canvas)' };

export const table: CSSProperties = {
  inlineSize: '100%',
  borderCollapse: 'collapse',
  textAlign: 'start',
};

export const cell: CSSProperties = {
  padding: '1px 8px 1px 0',
  textAlign: 'start',
  verticalAlign: 'top',
  fontWeight: 400,
  overflowWrap: 'anywhere',
};

export const frames: CSSProperties = {
  maxBlockSize: 220,
  overflow: 'auto',
  border: `1px solid ${faint}`,
  borderRadius: 6,
  padding: '4px 8px',
};

export const input: CSSProperties = {
  ...button,
  cursor: 'text',
  background: 'Field',
  color: 'FieldText',
};

export const row: CSSProperties = { display: 'flex', gap: 8, alignItems: 'center' };
