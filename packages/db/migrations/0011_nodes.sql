CREATE TABLE `burnt_challenges` (
	`hash` text PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `burnt_challenges_expires_at` ON `burnt_challenges` (`expires_at`);--> statement-breakpoint
CREATE TABLE `deliveries` (
	`to_node` text NOT NULL,
	`message_seq` integer NOT NULL,
	`priority` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`read_at` integer,
	PRIMARY KEY(`to_node`, `message_seq`)
);
--> statement-breakpoint
CREATE INDEX `deliveries_pending` ON `deliveries` (`to_node`,`priority`,`message_seq`) WHERE "deliveries"."read_at" is null;--> statement-breakpoint
CREATE INDEX `deliveries_message_seq` ON `deliveries` (`message_seq`);--> statement-breakpoint
CREATE INDEX `deliveries_expires_at` ON `deliveries` (`expires_at`);--> statement-breakpoint
CREATE TABLE `messages` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`from_node` text NOT NULL,
	`message_type` text NOT NULL,
	`content` text NOT NULL,
	`priority` integer NOT NULL,
	`metadata` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`idempotency_key` text,
	`request_hash` text,
	`size_bytes` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_id_unique` ON `messages` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `messages_from_node_idempotency_key` ON `messages` (`from_node`,`idempotency_key`) WHERE "messages"."idempotency_key" is not null;--> statement-breakpoint
CREATE INDEX `messages_expires_at` ON `messages` (`expires_at`);--> statement-breakpoint
CREATE TABLE `node_capabilities` (
	`capability` text NOT NULL,
	`node_id` text NOT NULL,
	PRIMARY KEY(`capability`, `node_id`)
);
--> statement-breakpoint
CREATE INDEX `node_capabilities_node_id` ON `node_capabilities` (`node_id`);--> statement-breakpoint
CREATE TABLE `node_heartbeats` (
	`node_id` text NOT NULL,
	`at` integer NOT NULL,
	`status` text NOT NULL,
	`metrics` text,
	PRIMARY KEY(`node_id`, `at`)
);
--> statement-breakpoint
CREATE TABLE `node_refresh_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`family_id` text NOT NULL,
	`node_id` text NOT NULL,
	`issued_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE INDEX `node_refresh_tokens_family_id` ON `node_refresh_tokens` (`family_id`);--> statement-breakpoint
CREATE INDEX `node_refresh_tokens_node_id` ON `node_refresh_tokens` (`node_id`);--> statement-breakpoint
CREATE INDEX `node_refresh_tokens_expires_at` ON `node_refresh_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `node_registration_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`note` text,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	`used_by` text,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `node_registration_tokens_hash_unique` ON `node_registration_tokens` (`hash`);--> statement-breakpoint
CREATE TABLE `node_signing_keys` (
	`kid` text PRIMARY KEY NOT NULL,
	`alg` text NOT NULL,
	`public_key` text NOT NULL,
	`private_key` text NOT NULL,
	`created_at` integer NOT NULL,
	`retired_at` integer
);
--> statement-breakpoint
CREATE TABLE `nodes` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`public_key` text NOT NULL,
	`key_fingerprint` text NOT NULL,
	`endpoint` text NOT NULL,
	`capabilities` text NOT NULL,
	`metadata` text NOT NULL,
	`region` text,
	`scopes` text NOT NULL,
	`status` text NOT NULL,
	`load` real,
	`available_resources` text,
	`metrics` text,
	`last_seen_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`revoked_at` integer,
	`revoked_by` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `nodes_key_fingerprint_unique` ON `nodes` (`key_fingerprint`);--> statement-breakpoint
CREATE INDEX `nodes_type_id` ON `nodes` (`type`,`id`);--> statement-breakpoint
CREATE INDEX `nodes_region_id` ON `nodes` (`region`,`id`);--> statement-breakpoint
CREATE INDEX `nodes_last_seen_at` ON `nodes` (`last_seen_at`);