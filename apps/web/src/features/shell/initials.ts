/** Two letters at most, from the first and the last word of a name. */
export function findInitials(name: string): string {
  const words = name.split(/[\s@.]+/u).filter((word) => word !== '');
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words.slice(0, 1);
  return picked.map((word) => Array.from(word ?? '')[0]?.toLocaleUpperCase() ?? '').join('');
}
