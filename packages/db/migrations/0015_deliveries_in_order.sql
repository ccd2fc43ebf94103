CREATE TABLE `deliveries_new` (
	`to_node` text NOT NULL,
	`message_seq` integer NOT NULL,
	`priority` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`size_bytes` integer NOT NULL,
	`is_open` integer DEFAULT true NOT NULL,
	`read_at` integer,
	PRIMARY KEY(`message_seq`, `to_node`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `deliveries_new` (`to_node`, `message_seq`, `priority`, `expires_at`, `size_bytes`, `is_open`, `read_at`)
SELECT `to_node`, `message_seq`, `priority`, `expires_at`, `size_bytes`, `is_open`, `read_at` FROM `deliveries`;
--> statement-breakpoint
-- Its triggers and indexes go with it.
DROP TABLE `deliveries`;
--> statement-breakpoint
ALTER TABLE `deliveries_new` RENAME TO `deliveries`;
--> statement-breakpoint
CREATE INDEX `deliveries_pending` ON `deliveries` (`to_node`,`priority`,`message_seq`,`expires_at`) WHERE "deliveries"."is_open" = 1;--> statement-breakpoint
CREATE INDEX `deliveries_to_node` ON `deliveries` (`to_node`,`message_seq`);--> statement-breakpoint
CREATE INDEX `deliveries_expires_at` ON `deliveries` (`expires_at`) WHERE "deliveries"."is_open" = 1;
--> statement-breakpoint
CREATE TRIGGER `deliveries_open` AFTER INSERT ON `deliveries` BEGIN
	INSERT INTO `mailboxes` (`node_id`, `pending`, `bytes`) VALUES (new.`to_node`, 1, new.`size_bytes`)
	ON CONFLICT (`node_id`) DO UPDATE SET `pending` = `pending` + 1, `bytes` = `bytes` + excluded.`bytes`;
END;
--> statement-breakpoint
-- What no mailbox holds any more need not be kept: the content goes, the envelope stays.
CREATE TRIGGER `deliveries_close` AFTER UPDATE OF `is_open` ON `deliveries`
WHEN old.`is_open` = 1 AND new.`is_open` = 0 BEGIN
	UPDATE `mailboxes` SET `pending` = `pending` - 1, `bytes` = `bytes` - old.`size_bytes`
	WHERE `node_id` = old.`to_node`;
	UPDATE `messages` SET `content` = 'null', `metadata` = '{}'
	WHERE `seq` = old.`message_seq` AND NOT EXISTS (
		SELECT 1 FROM `deliveries` WHERE `message_seq` = old.`message_seq` AND `is_open` = 1);
END;
