-- 060_clustering: Clustering by month of the posting date, for tables that have one: what asks by date then reads the months that it names. Publications
-- find rows by key and gain nothing. Automatic clustering is billed; ALTER TABLE … SUSPEND RECLUSTER ends it.
-- Optional: automatic clustering costs credits all the time; worth it from some 100 M rows a table, where queries name dates.
-- `ledgerloop warehouse apply` does not run this file.

ALTER TABLE STAGING."PARTNERS_INVOICES__ROWS" CLUSTER BY (DATE_TRUNC('MONTH', "ISSUED_ON"));

ALTER TABLE STAGING."BILLING_INVOICES__ROWS" CLUSTER BY (DATE_TRUNC('MONTH', "ISSUED_ON"));

ALTER TABLE STAGING."BILLING_PAYMENTS__ROWS" CLUSTER BY (DATE_TRUNC('MONTH', "POSTED_ON"));

ALTER TABLE STAGING."PARTNERS_REMITTANCES__ROWS" CLUSTER BY (DATE_TRUNC('MONTH', "PAID_ON"));

ALTER TABLE CURATED."INVOICE__ROWS" CLUSTER BY (DATE_TRUNC('MONTH', "ISSUED_ON"));

ALTER TABLE HISTORY."INVOICE" CLUSTER BY (DATE_TRUNC('MONTH', "ISSUED_ON"));

ALTER TABLE CURATED."PAYMENT__ROWS" CLUSTER BY (DATE_TRUNC('MONTH', "POSTED_ON"));

ALTER TABLE HISTORY."PAYMENT" CLUSTER BY (DATE_TRUNC('MONTH', "POSTED_ON"));
