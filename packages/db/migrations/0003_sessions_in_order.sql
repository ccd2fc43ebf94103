CREATE TABLE `counted_sessions` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `__new_sessions` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`provider_session_id` text,
	`user_id` text NOT NULL,
	`user_name` text,
	`state` text NOT NULL,
	`kind` text NOT NULL,
	`model` text,
	`voice` text,
	`transport` text,
	`call_id` text,
	`request_id` text NOT NULL,
	`issued_at` integer NOT NULL,
	`expires_at` integer,
	`connected_at` integer,
	`ended_at` integer,
	`ended_by` text,
	`reason` text,
	`duration_seconds` real,
	`reported_duration_seconds` real,
	`is_duration_disputed` integer DEFAULT false NOT NULL,
	`message_count` integer,
	`ice_pair` text,
	`usage` text,
	`steps` text,
	`attempts` text,
	`mint_ms` real,
	`is_demo` integer DEFAULT false NOT NULL,
	`provider_key_id` text
);
--> statement-breakpoint
INSERT INTO `__new_sessions`("id", "provider_session_id", "user_id", "user_name", "state", "kind", "model", "voice", "transport", "call_id", "request_id", "issued_at", "expires_at", "connected_at", "ended_at", "ended_by", "reason", "duration_seconds", "reported_duration_seconds", "is_duration_disputed", "message_count", "ice_pair", "usage", "steps", "attempts", "mint_ms", "is_demo", "provider_key_id") SELECT "id", "provider_session_id", "user_id", "user_name", "state", "kind", "model", "voice", "transport", "call_id", "request_id", "issued_at", "expires_at", "connected_at", "ended_at", "ended_by", "reason", "duration_seconds", "reported_duration_seconds", "is_duration_disputed", "message_count", "ice_pair", "usage", "steps", "attempts", "mint_ms", "is_demo", "provider_key_id" FROM `sessions` ORDER BY "id";--> statement-breakpoint
DROP TABLE `sessions`;--> statement-breakpoint
ALTER TABLE `__new_sessions` RENAME TO `sessions`;--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_id_unique` ON `sessions` (`id`);--> statement-breakpoint
CREATE INDEX `sessions_user_id_id` ON `sessions` (`user_id`,`id`);--> statement-breakpoint
CREATE INDEX `sessions_state_id` ON `sessions` (`state`,`id`) WHERE "sessions"."state" <> 'issued';--> statement-breakpoint
CREATE INDEX `sessions_provider_session_id` ON `sessions` (`provider_session_id`) WHERE "sessions"."state" <> 'issued';--> statement-breakpoint
CREATE INDEX `sessions_open_provider_key` ON `sessions` (`provider_key_id`,`connected_at`) WHERE "sessions"."state" = 'connected';