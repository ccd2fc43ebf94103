CREATE TABLE `burnt_challenges_new` (
	`hash` text NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`expires_at`, `hash`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `burnt_challenges_new` (`hash`, `expires_at`) SELECT `hash`, `expires_at` FROM `burnt_challenges`;
--> statement-breakpoint
-- Its index goes with it.
DROP TABLE `burnt_challenges`;
--> statement-breakpoint
ALTER TABLE `burnt_challenges_new` RENAME TO `burnt_challenges`;
--> statement-breakpoint
DROP INDEX `node_refresh_tokens_parent_hash`;
--> statement-breakpoint
CREATE INDEX `node_refresh_tokens_parent_hash` ON `node_refresh_tokens` (`parent_hash`) WHERE "node_refresh_tokens"."parent_hash" is not null;
