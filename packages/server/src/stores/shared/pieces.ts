/** Items in pieces of at most so many. */
export const inPieces = <Item>(items: readonly Item[], most: number): (readonly Item[])[] => {
  if (items.length <= most) return [items];
  const pieces: (readonly Item[])[] = [];
  for (let from = 0; from < items.length; from += most) pieces.push(items.slice(from, from + most));
  return pieces;
};
