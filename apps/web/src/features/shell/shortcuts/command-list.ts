/** As people type it: without marks above letters, in any case. */
function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

const ID_PAGES: readonly [prefix: RegExp, page: string][] = [
  [/^ses_[0-9a-z]+$/, '/sessions'],
  [/^key_[0-9a-z]+$/, '/access-keys'],
  [/^pkey_[0-9a-z]+$/, '/provider-keys'],
];

/** The page of what has this id, if it is one of those that say what they are of. */
export function findIdHref(query: string): string | null {
  const id = query.trim().toLowerCase();
  const page = ID_PAGES.find(([prefix]) => prefix.test(id));
  return page === undefined ? null : `${page[1]}/${id}`;
}

/** Those in which every typed word occurs; those that begin with the first one stand first. */
export function selectCommands<T extends { label: string }>(commands: readonly T[], query: string): T[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const [first = ''] = words;
  const fitting = commands.filter(({ label }) => words.every((word) => fold(label).includes(word)));
  const isFirst = ({ label }: T) => fold(label).startsWith(first);
  return [...fitting.filter(isFirst), ...fitting.filter((command) => !isFirst(command))];
}
