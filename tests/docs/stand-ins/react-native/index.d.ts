type AppStateStatus = 'active' | 'background' | 'inactive' | 'unknown' | 'extension';

export declare const AppState: {
  currentState: AppStateStatus;
  addEventListener(
    type: 'change' | 'memoryWarning' | 'blur' | 'focus',
    listener: (state: AppStateStatus) => void,
  ): { remove(): void };
};
