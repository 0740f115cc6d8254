-- 920_lifecycle: Replaced versions older than a year move to archive storage and expire at seven years of age. As-of queries over archived years read them
-- back with CREATE TABLE … FROM ARCHIVE OF first.
-- Optional: not in all regions; archived rows are read back at a price.
-- `ledgerloop warehouse apply` does not run this file.

CREATE STORAGE LIFECYCLE POLICY IF NOT EXISTS OPS.ARCHIVE_AFTER_A_YEAR AS (d DATE) RETURNS BOOLEAN -> d < DATEADD(DAY, -365, CURRENT_DATE()) ARCHIVE_TIER = COLD ARCHIVE_FOR_DAYS = 2192;

ALTER TABLE HISTORY."INVOICE" ADD STORAGE LIFECYCLE POLICY OPS.ARCHIVE_AFTER_A_YEAR ON ("ISSUED_ON");

ALTER TABLE HISTORY."PAYMENT" ADD STORAGE LIFECYCLE POLICY OPS.ARCHIVE_AFTER_A_YEAR ON ("POSTED_ON");
