CREATE TABLE `access_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`environment` text NOT NULL,
	`hash` text NOT NULL,
	`last_four` text NOT NULL,
	`scopes` text NOT NULL,
	`allowed_models` text,
	`allowed_origins` text,
	`mints_per_minute` integer,
	`max_open_sessions` integer,
	`max_ttl_seconds` integer,
	`max_session_seconds` integer,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`expires_at` integer,
	`disabled_at` integer,
	`revoked_at` integer,
	`replaced_by` text,
	`grace_until` integer,
	`last_used_at` integer,
	`last_used_prefix` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `access_keys_hash_unique` ON `access_keys` (`hash`);--> statement-breakpoint
CREATE INDEX `access_keys_replaced_by` ON `access_keys` (`replaced_by`);--> statement-breakpoint
CREATE TABLE `two_factors` (
	`id` text PRIMARY KEY NOT NULL,
	`secret` text NOT NULL,
	`backup_codes` text NOT NULL,
	`user_id` text NOT NULL,
	`verified` integer DEFAULT true NOT NULL,
	`failed_verification_count` integer DEFAULT 0 NOT NULL,
	`locked_until` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `two_factors_user_id` ON `two_factors` (`user_id`);--> statement-breakpoint
CREATE TABLE `allowances` (
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`name` text,
	`window_start` integer NOT NULL,
	`window_count` integer NOT NULL,
	`open_sessions` integer DEFAULT 0 NOT NULL,
	`period_start` integer NOT NULL,
	`spent_micro_usd` integer DEFAULT 0 NOT NULL,
	`reserved_micro_usd` integer DEFAULT 0 NOT NULL,
	`session_count` integer DEFAULT 0 NOT NULL,
	`first_seen_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	PRIMARY KEY(`kind`, `subject`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `budgets` (
	`scope` text NOT NULL,
	`subject` text NOT NULL,
	`limit_micro_usd` integer NOT NULL,
	`period` text NOT NULL,
	`time_zone` text NOT NULL,
	`action` text DEFAULT 'block' NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL,
	PRIMARY KEY(`scope`, `subject`)
);
--> statement-breakpoint
CREATE TABLE `user_policies` (
	`user_id` text PRIMARY KEY NOT NULL,
	`mints_per_minute` integer,
	`max_open_sessions` integer,
	`max_ttl_seconds` integer,
	`max_session_seconds` integer,
	`allowed_models` text,
	`blocked_at` integer,
	`blocked_reason` text,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `settings` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `usage_events` (
	`session_id` text NOT NULL,
	`event_id` text NOT NULL,
	`kind` text NOT NULL,
	`model` text,
	`at` integer NOT NULL,
	`text_input` integer DEFAULT 0 NOT NULL,
	`text_cached_input` integer DEFAULT 0 NOT NULL,
	`text_output` integer DEFAULT 0 NOT NULL,
	`audio_input` integer DEFAULT 0 NOT NULL,
	`audio_cached_input` integer DEFAULT 0 NOT NULL,
	`audio_output` integer DEFAULT 0 NOT NULL,
	`image_input` integer DEFAULT 0 NOT NULL,
	`image_cached_input` integer DEFAULT 0 NOT NULL,
	`seconds` real DEFAULT 0 NOT NULL,
	`cost_micro_usd` integer,
	`price_version` text,
	PRIMARY KEY(`session_id`, `event_id`)
);
--> statement-breakpoint
CREATE TABLE `usage_hours` (
	`hour_start` integer NOT NULL,
	`model` text NOT NULL,
	`user_id` text NOT NULL,
	`access_key_id` text NOT NULL,
	`provider_key_id` text NOT NULL,
	`sessions` integer DEFAULT 0 NOT NULL,
	`failed` integer DEFAULT 0 NOT NULL,
	`duration_seconds` real DEFAULT 0 NOT NULL,
	`text_input` integer DEFAULT 0 NOT NULL,
	`text_cached_input` integer DEFAULT 0 NOT NULL,
	`text_output` integer DEFAULT 0 NOT NULL,
	`audio_input` integer DEFAULT 0 NOT NULL,
	`audio_cached_input` integer DEFAULT 0 NOT NULL,
	`audio_output` integer DEFAULT 0 NOT NULL,
	`image_input` integer DEFAULT 0 NOT NULL,
	`image_cached_input` integer DEFAULT 0 NOT NULL,
	`seconds` real DEFAULT 0 NOT NULL,
	`known_micro_usd` integer DEFAULT 0 NOT NULL,
	`estimated_micro_usd` integer DEFAULT 0 NOT NULL,
	`unknown_costs` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`hour_start`, `model`, `user_id`, `access_key_id`, `provider_key_id`)
);
--> statement-breakpoint
CREATE INDEX `usage_hours_user_id` ON `usage_hours` (`user_id`,`hour_start`);--> statement-breakpoint
CREATE TABLE `__new_audit_entries` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`at` integer NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text,
	`action` text NOT NULL,
	`target` text,
	`result` text NOT NULL,
	`request_id` text NOT NULL,
	`ip_prefix` text,
	`details` text,
	`hash` text
);
--> statement-breakpoint
INSERT INTO `__new_audit_entries`("id", "at", "actor_kind", "actor_id", "action", "target", "result", "request_id", "ip_prefix", "details") SELECT "id", "at", "actor_kind", "actor_id", "action", "target", "result", "request_id", "ip_prefix", "details" FROM `audit_entries` ORDER BY "id";--> statement-breakpoint
DROP TABLE `audit_entries`;--> statement-breakpoint
ALTER TABLE `__new_audit_entries` RENAME TO `audit_entries`;--> statement-breakpoint
CREATE UNIQUE INDEX `audit_entries_id_unique` ON `audit_entries` (`id`);--> statement-breakpoint
CREATE INDEX `audit_entries_target_id` ON `audit_entries` (`target`,`id`);--> statement-breakpoint
ALTER TABLE `users` ADD `two_factor_enabled` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `disabled_at` integer;--> statement-breakpoint
ALTER TABLE `sessions` ADD `access_key_id` text;--> statement-breakpoint
ALTER TABLE `sessions` ADD `reserved_micro_usd` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` ADD `deadline_at` integer;--> statement-breakpoint
ALTER TABLE `sessions` ADD `limit_seconds` integer;--> statement-breakpoint
ALTER TABLE `sessions` ADD `last_seen_at` integer;--> statement-breakpoint
ALTER TABLE `sessions` ADD `cost_micro_usd` integer;--> statement-breakpoint
ALTER TABLE `sessions` ADD `cost_status` text;--> statement-breakpoint
ALTER TABLE `sessions` ADD `cost_source` text;--> statement-breakpoint
ALTER TABLE `sessions` ADD `price_version` text;--> statement-breakpoint
CREATE INDEX `sessions_deadline_at` ON `sessions` (`deadline_at`) WHERE "sessions"."deadline_at" is not null;--> statement-breakpoint
CREATE INDEX `sessions_access_key_id_id` ON `sessions` (`access_key_id`,`id`) WHERE "sessions"."access_key_id" is not null;