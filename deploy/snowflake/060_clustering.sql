-- 060_clustering: Clustering by month of the posting date, for tables that have one: an hourly publication then reads and rewrites recent months only.
-- Automatic clustering is billed; ALTER TABLE … SUSPEND RECLUSTER ends it.
-- Optional: automatic clustering costs credits; worth it from some 100 M rows a table.

ALTER TABLE STAGING."BILLING_INVOICES__ROWS" CLUSTER BY (DATE_TRUNC('MONTH', "ISSUED_ON"));

ALTER TABLE STAGING."BILLING_PAYMENTS__ROWS" CLUSTER BY (DATE_TRUNC('MONTH', "POSTED_ON"));

ALTER TABLE CURATED."INVOICE" CLUSTER BY (DATE_TRUNC('MONTH', "ISSUED_ON"));

ALTER TABLE HISTORY."INVOICE" CLUSTER BY (DATE_TRUNC('MONTH', "ISSUED_ON"));

ALTER TABLE CURATED."PAYMENT" CLUSTER BY (DATE_TRUNC('MONTH', "POSTED_ON"));

ALTER TABLE HISTORY."PAYMENT" CLUSTER BY (DATE_TRUNC('MONTH', "POSTED_ON"));
