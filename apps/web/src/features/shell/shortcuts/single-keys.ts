import type { PreferenceStore } from '../../../preferences.ts';

const KEY = 'ephemera.shortcuts';

/** Shortcuts of one letter are on until they are switched off, on this device. */
export function hasSingleKeys(store: Pick<PreferenceStore, 'getItem'>): boolean {
  return store.getItem(KEY) !== 'off';
}

export function setSingleKeys(store: PreferenceStore, isOn: boolean): void {
  if (isOn) store.removeItem(KEY);
  else store.setItem(KEY, 'off');
}
