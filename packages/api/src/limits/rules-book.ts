import { createBoundedCache } from '../bounded-cache.ts';
import type { ClockWatch } from './clock-watch.ts';
import type { Budget, Rules } from './limits.ts';
import type { RateWindow, WindowTime } from './rate-window.ts';
import { isWindowRunning } from './rate-window.ts';

export type RuleSubjects = { userId: string | null; accessKeyId: string | null };

/**
 * What this process remembers of the rules, for as long as it likes: admission checks in the database that they are
 * still the same, and reads them anew where they are not. Of whom nothing is remembered, nothing is assumed to be set.
 */
export type RulesBook = {
  find: (subjects: RuleSubjects) => Rules;
  learn: (subjects: RuleSubjects, rules: Rules) => void;
  /** After a change of the rules: nothing is remembered any more. */
  forget: () => void;
  /** The caller's window of mints, as far as it was seen here within a second. */
  findWindow: (subject: string, time: WindowTime) => RateWindow | null;
  /** `isRead`: as it stands in the database, and not only counted on from there. */
  noteWindow: (subject: string, seen: { window: RateWindow; nowMs: number; isRead: boolean }) => void;
  /** The earliest moment at which a window that is running now may have begun. */
  windowSince: (nowMs: number) => number;
  /** Whether it is time to look for sessions that are over; true at most once a second. */
  takeSweep: (nowMs: number) => boolean;
};

const MAX_SUBJECTS = 10_000;
const SWEEP_MS = 1_000;
/** What other processes count meanwhile shows in the next second. */
const WINDOW_SEEN_MS = 1_000;
const NOTHING_SET: Pick<Rules, 'settings' | 'project' | 'defaultUser'> = {
  settings: { own: {}, version: 0 },
  project: null,
  defaultUser: null,
};
const NO_USER: Rules['user'] = { policy: null, budget: null };

export function createRulesBook(watch: ClockWatch): RulesBook {
  let deployment = NOTHING_SET;
  let users = createBoundedCache<Rules['user']>(MAX_SUBJECTS);
  let accessKeys = createBoundedCache<Budget>(MAX_SUBJECTS);
  const windows = createBoundedCache<RateWindow & { readAtMs: number }>(MAX_SUBJECTS);
  let sweptAtMs = Number.NEGATIVE_INFINITY;

  return {
    find: ({ userId, accessKeyId }) => ({
      ...deployment,
      user: userId === null ? NO_USER : (users.get(userId) ?? NO_USER),
      accessKeyBudget: accessKeyId === null ? null : (accessKeys.get(accessKeyId) ?? null),
    }),
    learn: ({ userId, accessKeyId }, { settings, project, defaultUser, user, accessKeyBudget }) => {
      deployment = { settings, project, defaultUser };
      if (userId !== null) {
        if (user.policy === null && user.budget === null) users.delete(userId);
        else users.set(userId, user);
      }
      if (accessKeyId === null) return;
      if (accessKeyBudget === null) accessKeys.delete(accessKeyId);
      else accessKeys.set(accessKeyId, accessKeyBudget);
    },
    forget: () => {
      deployment = NOTHING_SET;
      users = createBoundedCache(MAX_SUBJECTS);
      accessKeys = createBoundedCache(MAX_SUBJECTS);
    },
    findWindow: (subject, time) => {
      const seen = windows.get(subject);
      if (seen === undefined || !isWindowRunning(seen.startMs, time)) return null;
      return Math.abs(time.nowMs - seen.readAtMs) < WINDOW_SEEN_MS ? seen : null;
    },
    noteWindow: (subject, { window: { startMs, count }, nowMs, isRead }) => {
      const readAtMs = isRead ? nowMs : (windows.get(subject)?.readAtMs ?? nowMs);
      windows.set(subject, { startMs, count, readAtMs });
    },
    windowSince: watch.windowSince,
    takeSweep: (nowMs) => {
      // A clock that was set back must not keep the sweep from coming.
      if (Math.abs(nowMs - sweptAtMs) < SWEEP_MS) return false;
      sweptAtMs = nowMs;
      return true;
    },
  };
}
