CREATE INDEX `audit_entries_actor_id` ON `audit_entries` (`actor_id`);--> statement-breakpoint
CREATE INDEX `audit_entries_action` ON `audit_entries` (`action`);--> statement-breakpoint
CREATE INDEX `audit_entries_refused` ON `audit_entries` (`result`) WHERE "audit_entries"."result" <> 'ok';
--> statement-breakpoint
-- A migration that rebuilds audit_entries drops these triggers: create them again.
-- The hash is null where the writer did not know the last entry: its whole transaction is refused, so nothing forks the chain.
CREATE TRIGGER `audit_entries_chained` BEFORE INSERT ON `audit_entries` WHEN new.`hash` IS NULL BEGIN
	SELECT raise(ABORT, 'audit head moved');
END;
--> statement-breakpoint
-- REPLACE deletes without asking the trigger for deletes; and nothing is put in between.
CREATE TRIGGER `audit_entries_no_replace` BEFORE INSERT ON `audit_entries`
WHEN EXISTS (SELECT 1 FROM `audit_entries` WHERE `id` = new.`id`) OR (new.`seq` > 0 AND new.`seq` <= (SELECT max(`seq`) FROM `audit_entries`)) BEGIN
	SELECT raise(ABORT, 'audit entries are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_entries_no_update` BEFORE UPDATE ON `audit_entries` BEGIN
	SELECT raise(ABORT, 'audit entries are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_entries_no_delete` BEFORE DELETE ON `audit_entries` BEGIN
	SELECT raise(ABORT, 'audit entries are append-only');
END;
