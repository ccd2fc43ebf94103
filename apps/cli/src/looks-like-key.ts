/** Prefixes that providers, and we, give to secrets. */
const KNOWN =
  /^(sk|rk|gsk|xai|hf|r8|ghp|gho|pat|eph_live|eph_test|ek)[-_].{8,}|^AIza.{8,}|^ya29\..{8,}|^eyJ.{16,}/;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const ENTROPIC = /^[\w+=-]{28,}$/;
/** What people put together with dashes: `production-eu1-2026`. */
const WORD = /^([A-Z]?[a-z]{1,16}|[A-Z]{1,16}|[A-Za-z]{1,12}\d{1,3}|\d{1,8})$/;
const OWN_IDS = /^(pkey|aud|alr|ses|req)_/;

/** Whether a word of the command line may be a secret. Rather one too many: the person is told what to do instead. */
export function looksLikeKey(word: string): boolean {
  if (OWN_IDS.test(word)) return false;
  if (KNOWN.test(word) || UUID.test(word)) return true;
  if (!ENTROPIC.test(word) || !/\d/.test(word)) return false;
  return !word.split(/[-_]/).every((part) => WORD.test(part));
}
