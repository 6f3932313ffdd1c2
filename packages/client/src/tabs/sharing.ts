// What is loaded once there are two tabs. These files import nothing that a single tab needs: bundlers would make
// files of their own of it, which all pages load.
export { createFollower } from './follower.ts';
export { createRelay } from './relay.ts';
