import type { PageAction } from './shortcut-plan.ts';

/** The row that a pointer would open: its link covers it. */
const ROWS = 'main tr[data-row-id] a[href], main ul > li.group a[href]';
const FIRST_FILTER = 'main select, main [role="radiogroup"] input:checked';
const CONTROL = 'select, input:checked, input, button';

function listShown(selector: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(selector)].filter((element) => element.checkVisibility());
}

/** One link a row, whatever else there is to press in it. */
function listRows(): HTMLElement[] {
  const seen = new Set<Element | null>();
  return listShown(ROWS).filter((link) => {
    const row = link.closest('tr, li');
    return seen.has(row) ? false : seen.add(row);
  });
}

function moveTo(step: 1 | -1): void {
  const rows = listRows();
  const row = document.activeElement?.closest('tr, li') ?? null;
  const at = rows.findIndex((link) => row !== null && link.closest('tr, li') === row);
  const next = at === -1 ? (step === 1 ? 0 : rows.length - 1) : at + step;
  rows[next]?.focus();
}

function findMarked(what: PageAction): HTMLElement | null {
  const [marked] = document.querySelectorAll<HTMLElement>(`main [data-shortcut="${what}"]`);
  if (marked === undefined) return null;
  return marked.matches(CONTROL) ? marked : marked.querySelector<HTMLElement>(CONTROL);
}

const ACTIONS: Readonly<Record<PageAction, () => void>> = {
  search: () => {
    const [field] = listShown('main input[type="search"]');
    field?.focus();
  },
  filter: () => (findMarked('filter') ?? listShown(FIRST_FILTER)[0])?.focus(),
  range: () => findMarked('range')?.focus(),
  create: () => findMarked('create')?.click(),
  next: () => moveTo(1),
  previous: () => moveTo(-1),
};

/** Does on the page what its own control does. Where there is none, nothing happens. */
export function actOnPage(what: PageAction): void {
  ACTIONS[what]();
}
