export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'defaultPrevented'
>;

/** The palette, the sheet, the search field, or a letter. */
export type ShortcutKey = 'palette' | '?' | '/' | Letter;
type Letter = (typeof LETTERS)[number];

const LETTERS = ['a', 'c', 'f', 'g', 'j', 'k', 'n', 'o', 'p', 'r', 's', 't', 'u'] as const;

/** What is printed on the key; where the layout writes no Latin letters, what the key is elsewhere. */
function readLetter({ key, code }: KeyPress): string {
  return /^[a-z]$/i.test(key) || !code.startsWith('Key') ? key.toLowerCase() : code.slice(3).toLowerCase();
}

/** Which shortcut was pressed; Ctrl or Cmd with K holds in a field as well, the others are text there. */
export function readShortcut(
  press: KeyPress,
  place: { isField: boolean; hasSingle: boolean },
): ShortcutKey | null {
  if (press.isComposing || press.defaultPrevented || press.altKey) return null;
  const letter = readLetter(press);
  if (press.ctrlKey || press.metaKey) return letter === 'k' ? 'palette' : null;
  if (place.isField || !place.hasSingle) return null;
  if (letter === '?' || letter === '/') return letter;
  return LETTERS.find((known) => known === letter) ?? null;
}

const FIELD =
  'textarea, select, [contenteditable]:not([contenteditable="false"]), [role="menu"], [role="combobox"]';
const NO_TEXT = new Set(['button', 'checkbox', 'color', 'file', 'radio', 'range', 'reset', 'submit']);

/** Where letters are typed, or lead somewhere by themselves. */
export function isField(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target instanceof HTMLInputElement) return !NO_TEXT.has(target.type);
  return target.closest(FIELD) !== null;
}
