-- A migration that rebuilds provider_keys or provider_key_reports drops their triggers: create them again.

-- The one place that fills the hours: whoever counts on the key sets counted_at to the time of the use.
CREATE TRIGGER `provider_keys_count_hour` AFTER UPDATE OF `counted_at` ON `provider_keys` BEGIN
	INSERT INTO `provider_key_hours` (`key_id`, `hour_start`, `uses`, `errors`)
	VALUES (
		new.`id`,
		new.`counted_at` - new.`counted_at` % 3600000,
		new.`usage_count` - old.`usage_count`,
		new.`error_count` - old.`error_count`
	)
	ON CONFLICT (`key_id`, `hour_start`) DO UPDATE SET
		`uses` = `uses` + excluded.`uses`,
		`errors` = `errors` + excluded.`errors`;
END;
--> statement-breakpoint
CREATE TRIGGER `provider_key_reports_count` AFTER INSERT ON `provider_key_reports` BEGIN
	UPDATE `provider_keys` SET
		`usage_count` = `usage_count` + 1,
		`error_count` = `error_count` + (new.`ok` = 0),
		`last_used_at` = max(coalesce(`last_used_at`, 0), new.`at`),
		`last_error` = CASE WHEN new.`ok` = 0 AND new.`at` >= coalesce(`last_error_at`, 0)
			THEN new.`error` ELSE `last_error` END,
		`last_error_at` = CASE WHEN new.`ok` = 0
			THEN max(coalesce(`last_error_at`, 0), new.`at`) ELSE `last_error_at` END,
		`counted_at` = new.`at`
	WHERE `id` = new.`key_id`;
END;
--> statement-breakpoint
CREATE TRIGGER `provider_keys_forget_hours` AFTER DELETE ON `provider_keys` BEGIN
	DELETE FROM `provider_key_hours` WHERE `key_id` = old.`id`;
END;
