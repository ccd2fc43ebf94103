/** Prefixes that providers, and we, give to secrets; also behind something else, as in `foo:sk-…`. */
const KNOWN =
  /(?<![A-Za-z\d])((sk|rk|gsk|xai|hf|r8|ghp|gho|pat|eph_live|eph_test|ek)[-_]\S{8,}|AIza\S{8,}|ya29\.\S{8,}|eyJ\S{16,})/;
/** In a path they must be longer: folders are called `sk-frontend` as well. */
const KNOWN_IN_PATH =
  /(?<![A-Za-z\d])((sk|rk|gsk|xai|hf|r8|ghp|gho|pat|eph_live|eph_test|ek)[-_]|AIza)[\w-]{24,}/;
const UUID = /(?<![\da-f])[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}(?![\da-f])/i;
const ENTROPIC = /^[\w+=-]{28,}$/;
/** What people put together with dashes: `production-eu1-2026`. */
const WORD = /^([A-Z]?[a-z]{1,16}|[A-Z]{1,16}|[A-Za-z]{1,12}\d{1,3}|\d{1,8})$/;
/** Our own ids, and those that OpenAI gives to organisations and projects. */
const ID = /^(p?key_|pkey_env_|org-|proj_)[\da-z]{16,26}$/i;

/** Whether a word of the command line may hold a secret. Rather one too many: the person is told what to do instead. */
export function looksLikeKey(word: string): boolean {
  return KNOWN.test(word) || UUID.test(word) || word.split(/[^\w+=-]+/).some(isEntropic);
}

/** The same for a path, parts of which may well be long and random. */
export function looksLikeKeyInPath(path: string): boolean {
  return KNOWN_IN_PATH.test(path);
}

function isEntropic(part: string): boolean {
  if (ID.test(part) || !ENTROPIC.test(part) || !/\d/.test(part)) return false;
  return !part.split(/[-_]/).every((piece) => WORD.test(piece));
}
