-- A migration that rebuilds sessions, usage_events or usage_hours drops these triggers: create them again.
-- A session is in its hour once it is closed: `ended` or `failed`, without a deadline.

-- What was closed before there were hours.
INSERT INTO `usage_hours` (`hour_start`, `model`, `user_id`, `access_key_id`, `provider_key_id`, `sessions`, `failed`, `duration_seconds`, `known_micro_usd`, `estimated_micro_usd`, `unknown_costs`)
SELECT s.`issued_at` - s.`issued_at` % 3600000, coalesce(s.`model`, ''), s.`user_id`, coalesce(s.`access_key_id`, ''), coalesce(s.`provider_key_id`, ''),
	count(*), sum(s.`state` = 'failed'), sum(coalesce(s.`duration_seconds`, 0)), sum(iif(s.`cost_status` IS 'known', coalesce(s.`cost_micro_usd`, 0), 0)), sum(iif(s.`cost_status` IS NOT 'known', coalesce(s.`cost_micro_usd`, 0), 0)), sum((s.`cost_micro_usd` IS NULL AND s.`state` <> 'failed'))
FROM `sessions` s WHERE s.`deadline_at` IS NULL AND s.`state` IN ('ended', 'failed') GROUP BY 1, 2, 3, 4, 5;
--> statement-breakpoint
-- The one place that fills the hours: the statement that closes a session.
CREATE TRIGGER `sessions_count_hour` AFTER UPDATE OF `deadline_at`, `state` ON `sessions`
WHEN new.`deadline_at` IS NULL AND new.`state` IN ('ended', 'failed')
	AND NOT (old.`deadline_at` IS NULL AND old.`state` IN ('ended', 'failed')) BEGIN
	INSERT INTO `usage_hours` (`hour_start`, `model`, `user_id`, `access_key_id`, `provider_key_id`, `sessions`, `failed`, `duration_seconds`, `known_micro_usd`, `estimated_micro_usd`, `unknown_costs`, `text_input`, `text_cached_input`, `text_output`, `audio_input`, `audio_cached_input`, `audio_output`, `image_input`, `image_cached_input`, `seconds`)
	SELECT new.`issued_at` - new.`issued_at` % 3600000,
		coalesce(new.`model`, ''),
		new.`user_id`,
		coalesce(new.`access_key_id`, ''),
		coalesce(new.`provider_key_id`, ''),
		1,
		new.`state` = 'failed',
		coalesce(new.`duration_seconds`, 0),
		iif(new.`cost_status` IS 'known', coalesce(new.`cost_micro_usd`, 0), 0),
		iif(new.`cost_status` IS NOT 'known', coalesce(new.`cost_micro_usd`, 0), 0),
		(new.`cost_micro_usd` IS NULL AND new.`state` <> 'failed'),
		coalesce(sum(`text_input`), 0),
		coalesce(sum(`text_cached_input`), 0),
		coalesce(sum(`text_output`), 0),
		coalesce(sum(`audio_input`), 0),
		coalesce(sum(`audio_cached_input`), 0),
		coalesce(sum(`audio_output`), 0),
		coalesce(sum(`image_input`), 0),
		coalesce(sum(`image_cached_input`), 0),
		coalesce(sum(`seconds`), 0)
	FROM `usage_events` WHERE `session_id` = new.`id`
	ON CONFLICT (`hour_start`, `model`, `user_id`, `access_key_id`, `provider_key_id`) DO UPDATE SET
		`sessions` = `sessions` + excluded.`sessions`,
		`failed` = `failed` + excluded.`failed`,
		`duration_seconds` = `duration_seconds` + excluded.`duration_seconds`,
		`known_micro_usd` = `known_micro_usd` + excluded.`known_micro_usd`,
		`estimated_micro_usd` = `estimated_micro_usd` + excluded.`estimated_micro_usd`,
		`unknown_costs` = `unknown_costs` + excluded.`unknown_costs`,
		`text_input` = `text_input` + excluded.`text_input`,
		`text_cached_input` = `text_cached_input` + excluded.`text_cached_input`,
		`text_output` = `text_output` + excluded.`text_output`,
		`audio_input` = `audio_input` + excluded.`audio_input`,
		`audio_cached_input` = `audio_cached_input` + excluded.`audio_cached_input`,
		`audio_output` = `audio_output` + excluded.`audio_output`,
		`image_input` = `image_input` + excluded.`image_input`,
		`image_cached_input` = `image_cached_input` + excluded.`image_cached_input`,
		`seconds` = `seconds` + excluded.`seconds`;
END;
--> statement-breakpoint
CREATE TRIGGER `sessions_count_closed` AFTER INSERT ON `sessions` WHEN new.`deadline_at` IS NULL AND new.`state` IN ('ended', 'failed') BEGIN
	INSERT INTO `usage_hours` (`hour_start`, `model`, `user_id`, `access_key_id`, `provider_key_id`, `sessions`, `failed`, `duration_seconds`, `known_micro_usd`, `estimated_micro_usd`, `unknown_costs`, `text_input`, `text_cached_input`, `text_output`, `audio_input`, `audio_cached_input`, `audio_output`, `image_input`, `image_cached_input`, `seconds`)
	SELECT new.`issued_at` - new.`issued_at` % 3600000,
		coalesce(new.`model`, ''),
		new.`user_id`,
		coalesce(new.`access_key_id`, ''),
		coalesce(new.`provider_key_id`, ''),
		1,
		new.`state` = 'failed',
		coalesce(new.`duration_seconds`, 0),
		iif(new.`cost_status` IS 'known', coalesce(new.`cost_micro_usd`, 0), 0),
		iif(new.`cost_status` IS NOT 'known', coalesce(new.`cost_micro_usd`, 0), 0),
		(new.`cost_micro_usd` IS NULL AND new.`state` <> 'failed'),
		coalesce(sum(`text_input`), 0),
		coalesce(sum(`text_cached_input`), 0),
		coalesce(sum(`text_output`), 0),
		coalesce(sum(`audio_input`), 0),
		coalesce(sum(`audio_cached_input`), 0),
		coalesce(sum(`audio_output`), 0),
		coalesce(sum(`image_input`), 0),
		coalesce(sum(`image_cached_input`), 0),
		coalesce(sum(`seconds`), 0)
	FROM `usage_events` WHERE `session_id` = new.`id`
	ON CONFLICT (`hour_start`, `model`, `user_id`, `access_key_id`, `provider_key_id`) DO UPDATE SET
		`sessions` = `sessions` + excluded.`sessions`,
		`failed` = `failed` + excluded.`failed`,
		`duration_seconds` = `duration_seconds` + excluded.`duration_seconds`,
		`known_micro_usd` = `known_micro_usd` + excluded.`known_micro_usd`,
		`estimated_micro_usd` = `estimated_micro_usd` + excluded.`estimated_micro_usd`,
		`unknown_costs` = `unknown_costs` + excluded.`unknown_costs`,
		`text_input` = `text_input` + excluded.`text_input`,
		`text_cached_input` = `text_cached_input` + excluded.`text_cached_input`,
		`text_output` = `text_output` + excluded.`text_output`,
		`audio_input` = `audio_input` + excluded.`audio_input`,
		`audio_cached_input` = `audio_cached_input` + excluded.`audio_cached_input`,
		`audio_output` = `audio_output` + excluded.`audio_output`,
		`image_input` = `image_input` + excluded.`image_input`,
		`image_cached_input` = `image_cached_input` + excluded.`image_cached_input`,
		`seconds` = `seconds` + excluded.`seconds`;
END;
--> statement-breakpoint
-- What is corrected after the end.
CREATE TRIGGER `sessions_correct_hour` AFTER UPDATE OF `cost_micro_usd`, `cost_status`, `duration_seconds`, `state` ON `sessions`
WHEN new.`deadline_at` IS NULL AND new.`state` IN ('ended', 'failed')
	AND old.`deadline_at` IS NULL AND old.`state` IN ('ended', 'failed') BEGIN
	UPDATE `usage_hours` SET
		`failed` = `failed` + (new.`state` = 'failed') - (old.`state` = 'failed'),
		`duration_seconds` = `duration_seconds` + coalesce(new.`duration_seconds`, 0) - coalesce(old.`duration_seconds`, 0),
		`known_micro_usd` = `known_micro_usd` + iif(new.`cost_status` IS 'known', coalesce(new.`cost_micro_usd`, 0), 0) - iif(old.`cost_status` IS 'known', coalesce(old.`cost_micro_usd`, 0), 0),
		`estimated_micro_usd` = `estimated_micro_usd` + iif(new.`cost_status` IS NOT 'known', coalesce(new.`cost_micro_usd`, 0), 0) - iif(old.`cost_status` IS NOT 'known', coalesce(old.`cost_micro_usd`, 0), 0),
		`unknown_costs` = `unknown_costs` + (new.`cost_micro_usd` IS NULL AND new.`state` <> 'failed') - (old.`cost_micro_usd` IS NULL AND old.`state` <> 'failed')
	WHERE `hour_start` = new.`issued_at` - new.`issued_at` % 3600000 AND `model` = coalesce(new.`model`, '') AND `user_id` = new.`user_id` AND `access_key_id` = coalesce(new.`access_key_id`, '') AND `provider_key_id` = coalesce(new.`provider_key_id`, '');
END;
--> statement-breakpoint
CREATE TRIGGER `usage_events_count_late` AFTER INSERT ON `usage_events`
WHEN EXISTS (SELECT 1 FROM `sessions` s WHERE s.`id` = new.`session_id` AND s.`deadline_at` IS NULL AND s.`state` IN ('ended', 'failed')) BEGIN
	UPDATE `usage_hours` SET
		`text_input` = `text_input` + new.`text_input`,
		`text_cached_input` = `text_cached_input` + new.`text_cached_input`,
		`text_output` = `text_output` + new.`text_output`,
		`audio_input` = `audio_input` + new.`audio_input`,
		`audio_cached_input` = `audio_cached_input` + new.`audio_cached_input`,
		`audio_output` = `audio_output` + new.`audio_output`,
		`image_input` = `image_input` + new.`image_input`,
		`image_cached_input` = `image_cached_input` + new.`image_cached_input`,
		`seconds` = `seconds` + new.`seconds`
	WHERE (`hour_start`, `model`, `user_id`, `access_key_id`, `provider_key_id`) = (
		SELECT s.`issued_at` - s.`issued_at` % 3600000, coalesce(s.`model`, ''), s.`user_id`, coalesce(s.`access_key_id`, ''), coalesce(s.`provider_key_id`, '')
		FROM `sessions` s WHERE s.`id` = new.`session_id`
	);
END;
--> statement-breakpoint
CREATE TRIGGER `usage_events_forget_late` AFTER DELETE ON `usage_events`
WHEN EXISTS (SELECT 1 FROM `sessions` s WHERE s.`id` = old.`session_id` AND s.`deadline_at` IS NULL AND s.`state` IN ('ended', 'failed')) BEGIN
	UPDATE `usage_hours` SET
		`text_input` = `text_input` - old.`text_input`,
		`text_cached_input` = `text_cached_input` - old.`text_cached_input`,
		`text_output` = `text_output` - old.`text_output`,
		`audio_input` = `audio_input` - old.`audio_input`,
		`audio_cached_input` = `audio_cached_input` - old.`audio_cached_input`,
		`audio_output` = `audio_output` - old.`audio_output`,
		`image_input` = `image_input` - old.`image_input`,
		`image_cached_input` = `image_cached_input` - old.`image_cached_input`,
		`seconds` = `seconds` - old.`seconds`
	WHERE (`hour_start`, `model`, `user_id`, `access_key_id`, `provider_key_id`) = (
		SELECT s.`issued_at` - s.`issued_at` % 3600000, coalesce(s.`model`, ''), s.`user_id`, coalesce(s.`access_key_id`, ''), coalesce(s.`provider_key_id`, '')
		FROM `sessions` s WHERE s.`id` = old.`session_id`
	);
END;
