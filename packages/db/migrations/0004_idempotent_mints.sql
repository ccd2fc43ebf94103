CREATE TABLE `idempotent_mints` (
	`user_id` text NOT NULL,
	`idempotency_key` text NOT NULL,
	`request_hash` text NOT NULL,
	`session_id` text,
	`ciphertext` text,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `idempotency_key`)
);
--> statement-breakpoint
CREATE INDEX `idempotent_mints_expires_at` ON `idempotent_mints` (`expires_at`);