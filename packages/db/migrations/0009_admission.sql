DROP INDEX `sessions_state_id`;--> statement-breakpoint
DROP INDEX `sessions_provider_session_id`;--> statement-breakpoint
CREATE INDEX `sessions_state_id` ON `sessions` (`state`,`id`) WHERE "sessions"."state" not in ('admitted', 'issued');--> statement-breakpoint
CREATE INDEX `sessions_provider_session_id` ON `sessions` (`provider_session_id`) WHERE "sessions"."state" not in ('admitted', 'issued');
--> statement-breakpoint
-- A session's money belongs to the period in which it was admitted: one that is closed after a new period has begun
-- does not burden that.
DROP TRIGGER `sessions_give_back`;
--> statement-breakpoint
CREATE TRIGGER `sessions_give_back` AFTER UPDATE OF `deadline_at` ON `sessions`
WHEN old.`deadline_at` IS NOT NULL AND new.`deadline_at` IS NULL BEGIN
	UPDATE `allowances` SET
		`open_sessions` = `open_sessions` - 1,
		`reserved_micro_usd` = `reserved_micro_usd` - old.`reserved_micro_usd`,
		`spent_micro_usd` = `spent_micro_usd` + iif(new.`issued_at` >= `period_start`, coalesce(new.`cost_micro_usd`, 0), 0)
	WHERE (`kind` = 'project' AND `subject` = '')
		OR (`kind` = 'user' AND `subject` = new.`user_id`)
		OR (`kind` = 'access_key' AND `subject` = new.`access_key_id`);
END;
--> statement-breakpoint
DROP TRIGGER `sessions_correct_cost`;
--> statement-breakpoint
CREATE TRIGGER `sessions_correct_cost` AFTER UPDATE OF `cost_micro_usd` ON `sessions`
WHEN old.`deadline_at` IS NULL AND new.`deadline_at` IS NULL AND old.`cost_micro_usd` IS NOT new.`cost_micro_usd` BEGIN
	UPDATE `allowances` SET
		`spent_micro_usd` = max(0, `spent_micro_usd` + coalesce(new.`cost_micro_usd`, 0) - coalesce(old.`cost_micro_usd`, 0))
	WHERE new.`issued_at` >= `period_start` AND (
		(`kind` = 'project' AND `subject` = '')
		OR (`kind` = 'user' AND `subject` = new.`user_id`)
		OR (`kind` = 'access_key' AND `subject` = new.`access_key_id`));
END;
