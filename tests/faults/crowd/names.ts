/** The id of a user of the crowd, and its number. Others are not of the crowd. */
export const nameOf = (user: number): string => `user-${user}`;

export const numberOf = (userId: string): number | null =>
  userId.startsWith('user-') ? Number(userId.slice(5)) : null;
