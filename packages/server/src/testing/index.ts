export { describeHistory } from './history/describe-history.ts';
export type { DescribeHistoryOptions } from './history/describe-history.ts';
export { describeStore } from './suite/describe-store.ts';
export type { DescribeStoreOptions, TestRunner } from './suite/describe-store.ts';
export type { PropertyOptions } from './suite/property.ts';
export type { StoreUnderTest, Subject } from './suite/stage.ts';
