ALTER TABLE `node_refresh_tokens` ADD `parent_hash` text;--> statement-breakpoint
CREATE INDEX `node_refresh_tokens_parent_hash` ON `node_refresh_tokens` (`parent_hash`);