DROP INDEX `deliveries_pending`;--> statement-breakpoint
CREATE INDEX `deliveries_pending` ON `deliveries` (`to_node`,`priority`,`message_seq`,`expires_at`) WHERE "deliveries"."is_open" = 1;