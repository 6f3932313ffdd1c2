import type { Member } from './api.ts';

/** What stands for a photograph: the member's colour and initials, as a picture that needs no request. */
export const portraitOf = ({ name, hue }: Member): string => {
  const initials = name
    .split(' ')
    .map((word) => word[0])
    .join('');
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">
    <rect width="40" height="40" fill="oklch(0.57 0.14 ${hue})"/>
    <text x="20" y="25" text-anchor="middle" fill="#fff" font-family="sans-serif" font-size="14" font-weight="600">${initials}</text>
  </svg>`;
  return `data:image/svg+xml,${encodeURIComponent(picture)}`;
};
