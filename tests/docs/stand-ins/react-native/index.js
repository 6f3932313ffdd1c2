// In the place of React Native, which runs on phones: an app that is open.
export const AppState = {
  currentState: 'active',
  addEventListener: () => ({ remove: () => {} }),
};
