import type { ReactNode } from 'react';
import { configure, render, type RenderResult } from '@testing-library/react';
import type { Clock } from '@presence/core';
import type { PresenceClient } from '@presence/client';
import { PresenceProvider } from '../src/index.ts';

// The Testing Library sets this itself only where the test functions are globals.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

// Whether an element is visible is worked out from style sheets, slowly, and none are loaded here.
configure({ defaultHidden: true });

/** Renders below a provider of `client`; `rerender` keeps the provider. */
export const renderWith = (
  client: PresenceClient,
  children: ReactNode,
  options: { readonly strict?: boolean; readonly clock?: Clock } = {},
): RenderResult =>
  render(children, {
    reactStrictMode: options.strict ?? false,
    wrapper: ({ children: inner }) => (
      <PresenceProvider
        client={client}
        {...(options.clock && { testing: { clock: options.clock } })}
      >
        {inner}
      </PresenceProvider>
    ),
  });
