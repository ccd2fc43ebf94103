CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`provider_id` text NOT NULL,
	`user_id` text NOT NULL,
	`access_token` text,
	`refresh_token` text,
	`id_token` text,
	`access_token_expires_at` integer,
	`refresh_token_expires_at` integer,
	`scope` text,
	`password` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `accounts_user_id` ON `accounts` (`user_id`);--> statement-breakpoint
CREATE TABLE `auth_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL,
	`token` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`ip_address` text,
	`user_agent` text,
	`user_id` text NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `auth_sessions_token_unique` ON `auth_sessions` (`token`);--> statement-breakpoint
CREATE INDEX `auth_sessions_user_id` ON `auth_sessions` (`user_id`);--> statement-breakpoint
CREATE TABLE `jwks` (
	`id` text PRIMARY KEY NOT NULL,
	`public_key` text NOT NULL,
	`private_key` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`alg` text,
	`crv` text
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`email_verified` integer DEFAULT false NOT NULL,
	`image` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`role` text DEFAULT 'user' NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);--> statement-breakpoint
CREATE TABLE `verifications` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `verifications_identifier` ON `verifications` (`identifier`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
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
	`is_demo` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_provider_session_id_unique` ON `sessions` (`provider_session_id`);--> statement-breakpoint
CREATE INDEX `sessions_user_id_id` ON `sessions` (`user_id`,`id`);--> statement-breakpoint
CREATE INDEX `sessions_state_id` ON `sessions` (`state`,`id`) WHERE "sessions"."state" <> 'issued';--> statement-breakpoint
CREATE TABLE `turn_issuances` (
	`user_id` text NOT NULL,
	`window_start` integer NOT NULL,
	`provider` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`user_id`, `window_start`, `provider`)
);
