-- Before it is inserted an entry without a number has one below zero, so only afterwards can be seen who gave it one.
CREATE TRIGGER `audit_entries_from_one` AFTER INSERT ON `audit_entries` WHEN new.`seq` < 1 BEGIN
	SELECT raise(ABORT, 'audit entries are append-only');
END;
