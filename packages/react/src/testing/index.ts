export { PresenceTestProvider, type PresenceTestProviderProps } from './presence-test-provider.tsx';
