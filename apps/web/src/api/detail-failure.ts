import { toUiError } from './ui-error.ts';
import type { Translate, UiError } from './ui-error.ts';

/** Why the page of one thing has nothing (new) to show; an address that cannot be read leads to nothing either. */
export function findDetailFailure(
  query: { readonly isError: boolean; readonly error: unknown },
  t: Translate,
): { error: UiError; isMissing: boolean } | null {
  if (!query.isError) return null;
  const error = toUiError(query.error, t);
  return { error, isMissing: error.code === 'not_found' || error.code === 'invalid_request' };
}
