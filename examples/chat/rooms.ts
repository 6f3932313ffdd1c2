/** A room of the chat. Each is a room of presence, too: who has it open is in it. */
export interface Room {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
}

export const ROOMS: readonly Room[] = [
  { id: 'porch', name: 'porch', topic: 'Say hello, and stay for a while' },
  { id: 'kitchen', name: 'kitchen', topic: 'What is cooking, and who brings the bread' },
  { id: 'garden', name: 'garden', topic: 'Seeds, weather and tomatoes' },
  { id: 'workshop', name: 'workshop', topic: 'Things that need mending' },
];

export const isRoom = (id: unknown): id is string => ROOMS.some((room) => room.id === id);
