/** Prefixes that providers, and we, give to secrets. */
const KNOWN =
  /^(sk|rk|gsk|xai|hf|r8|ghp|gho|pat|eph_live|eph_test|ek)[-_].{8,}|^AIza.{8,}|^ya29\..{8,}|^eyJ.{16,}/;
const ENTROPIC = /^[\w+=-]{28,}$/;
const OWN_IDS = /^(pkey|aud|alr|ses|req)_/;

/** Whether a word of the command line may be a secret. Rather one too many: the person is told what to do instead. */
export function looksLikeKey(word: string): boolean {
  if (OWN_IDS.test(word)) return false;
  if (KNOWN.test(word)) return true;
  return ENTROPIC.test(word) && /\d/.test(word) && /[a-z]/i.test(word);
}
