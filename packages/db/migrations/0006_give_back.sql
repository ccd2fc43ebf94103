-- A migration that rebuilds sessions drops its triggers: create them again.

-- Sessions from before the deadlines: over half an hour after they began, and counted as open until then.
UPDATE `sessions` SET `deadline_at` = coalesce(`connected_at`, `issued_at`) + 1800000, `limit_seconds` = 1800
WHERE `state` IN ('issued', 'connected');
--> statement-breakpoint
INSERT INTO `allowances` (`kind`, `subject`, `name`, `window_start`, `window_count`, `open_sessions`, `period_start`, `session_count`, `first_seen_at`, `last_seen_at`)
SELECT 'user', `user_id`, max(`user_name`), 0, 0, count(`deadline_at`), 0, count(*), min(`issued_at`), max(`issued_at`)
FROM `sessions` WHERE `state` <> 'failed' GROUP BY `user_id`;
--> statement-breakpoint
INSERT INTO `allowances` (`kind`, `subject`, `name`, `window_start`, `window_count`, `open_sessions`, `period_start`, `session_count`, `first_seen_at`, `last_seen_at`)
SELECT 'project', '', NULL, 0, 0, sum(`open_sessions`), 0, sum(`session_count`), min(`first_seen_at`), max(`last_seen_at`)
FROM `allowances` WHERE `kind` = 'user' GROUP BY `kind`;
--> statement-breakpoint
-- The one place that gives back: whoever closes a session sets its deadline to null, and its cost, in one statement.
CREATE TRIGGER `sessions_give_back` AFTER UPDATE OF `deadline_at` ON `sessions`
WHEN old.`deadline_at` IS NOT NULL AND new.`deadline_at` IS NULL BEGIN
	UPDATE `allowances` SET
		`open_sessions` = `open_sessions` - 1,
		`reserved_micro_usd` = `reserved_micro_usd` - old.`reserved_micro_usd`,
		`spent_micro_usd` = `spent_micro_usd` + coalesce(new.`cost_micro_usd`, 0)
	WHERE (`kind` = 'project' AND `subject` = '')
		OR (`kind` = 'user' AND `subject` = new.`user_id`)
		OR (`kind` = 'access_key' AND `subject` = new.`access_key_id`);
END;
--> statement-breakpoint
-- Usage that came after the end.
CREATE TRIGGER `sessions_correct_cost` AFTER UPDATE OF `cost_micro_usd` ON `sessions`
WHEN old.`deadline_at` IS NULL AND new.`deadline_at` IS NULL AND old.`cost_micro_usd` IS NOT new.`cost_micro_usd` BEGIN
	UPDATE `allowances` SET
		`spent_micro_usd` = max(0, `spent_micro_usd` + coalesce(new.`cost_micro_usd`, 0) - coalesce(old.`cost_micro_usd`, 0))
	WHERE (`kind` = 'project' AND `subject` = '')
		OR (`kind` = 'user' AND `subject` = new.`user_id`)
		OR (`kind` = 'access_key' AND `subject` = new.`access_key_id`);
END;
