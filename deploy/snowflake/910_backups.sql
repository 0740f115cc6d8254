-- 910_backups: Daily backups with retention lock for seven years: nobody, ACCOUNTADMIN included, can delete one before it expires. A lock cannot be taken
-- back; decide first how a person's erasure request is met (tokens instead of names before they are stored).
-- Optional: a retention lock is for ever; needs Business Critical Edition or as your contract says.
-- `ledgerloop warehouse apply` does not run this file.

CREATE BACKUP POLICY IF NOT EXISTS OPS.SEVEN_YEARS WITH RETENTION LOCK SCHEDULE = '1440 MINUTE' EXPIRE_AFTER_DAYS = 2557;

CREATE BACKUP SET IF NOT EXISTS OPS.BACKUP_OF_CURATED FOR SCHEMA CURATED WITH BACKUP POLICY OPS.SEVEN_YEARS;

CREATE BACKUP SET IF NOT EXISTS OPS.BACKUP_OF_HISTORY FOR SCHEMA HISTORY WITH BACKUP POLICY OPS.SEVEN_YEARS;

CREATE BACKUP SET IF NOT EXISTS OPS.BACKUP_OF_OPS FOR SCHEMA OPS WITH BACKUP POLICY OPS.SEVEN_YEARS;
