CREATE TABLE `alerts` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`target` text NOT NULL,
	`severity` text NOT NULL,
	`message` text NOT NULL,
	`at` integer NOT NULL,
	`resolved_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alerts_open_kind_target` ON `alerts` (`kind`,`target`) WHERE "alerts"."resolved_at" is null;--> statement-breakpoint
CREATE TABLE `audit_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text,
	`action` text NOT NULL,
	`target` text,
	`result` text NOT NULL,
	`request_id` text NOT NULL,
	`ip_prefix` text,
	`details` text
);
--> statement-breakpoint
CREATE INDEX `audit_entries_target_id` ON `audit_entries` (`target`,`id`);--> statement-breakpoint
CREATE TABLE `provider_key_hours` (
	`key_id` text NOT NULL,
	`hour_start` integer NOT NULL,
	`uses` integer NOT NULL,
	`errors` integer NOT NULL,
	PRIMARY KEY(`key_id`, `hour_start`)
);
--> statement-breakpoint
CREATE TABLE `provider_key_reports` (
	`caller` text NOT NULL,
	`idempotency_key` text NOT NULL,
	`key_id` text NOT NULL,
	`ok` integer NOT NULL,
	`error` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`caller`, `idempotency_key`)
);
--> statement-breakpoint
CREATE INDEX `provider_key_reports_at` ON `provider_key_reports` (`at`);--> statement-breakpoint
CREATE TABLE `provider_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`provider` text NOT NULL,
	`name` text NOT NULL,
	`source` text NOT NULL,
	`limit_domain` text,
	`last_four` text NOT NULL,
	`fingerprint` text NOT NULL,
	`ciphertext` text,
	`kek_version` integer,
	`weight` integer DEFAULT 1 NOT NULL,
	`state` text NOT NULL,
	`state_reason` text,
	`state_since` integer NOT NULL,
	`state_until` integer,
	`probe_until` integer,
	`drain_at` integer,
	`replaces` text,
	`usage_count` integer DEFAULT 0 NOT NULL,
	`error_count` integer DEFAULT 0 NOT NULL,
	`last_used_at` integer,
	`counted_at` integer,
	`last_error` text,
	`last_error_at` integer,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `provider_keys_provider_fingerprint` ON `provider_keys` (`provider`,`fingerprint`);--> statement-breakpoint
CREATE TABLE `rate_windows` (
	`scope` text NOT NULL,
	`subject` text NOT NULL,
	`window_start` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`scope`, `subject`, `window_start`)
);
--> statement-breakpoint
ALTER TABLE `sessions` ADD `provider_key_id` text;--> statement-breakpoint
CREATE INDEX `sessions_open_provider_key` ON `sessions` (`provider_key_id`,`connected_at`) WHERE "sessions"."state" = 'connected';