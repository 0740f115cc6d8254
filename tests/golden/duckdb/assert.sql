SELECT 'customer' AS question, '=' || CAST(q.touched AS VARCHAR) AS c0, '=' || CAST(q.suspect AS VARCHAR) AS c1, '=' || CAST(q.written AS VARCHAR) AS c2 FROM (
SELECT CAST((SELECT COUNT(*) FROM temp."touched_customer" t) AS VARCHAR) AS touched, (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c._publication < 2 AND c.deleted_at IS NULL) AS VARCHAR), CAST(COUNT(*) - (SELECT COUNT(*) FROM temp."touched_customer" k) AS VARCHAR)) FROM temp."touched_customer" t LEFT JOIN curated."customer__rows" c ON c."customer_id" = t."customer_id") AS suspect,
  (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c.deleted_at IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c.deleted_at IS NOT NULL) AS VARCHAR)) FROM curated."customer__rows" c WHERE c._publication = 2) AS written
) q
UNION ALL
SELECT 'subscription' AS question, '=' || CAST(q.touched AS VARCHAR) AS c0, '=' || CAST(q.suspect AS VARCHAR) AS c1, '=' || CAST(q.written AS VARCHAR) AS c2 FROM (
SELECT CAST((SELECT COUNT(*) FROM temp."touched_subscription" t) AS VARCHAR) AS touched, (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c._publication < 2 AND c.deleted_at IS NULL) AS VARCHAR), CAST(COUNT(*) - (SELECT COUNT(*) FROM temp."touched_subscription" k) AS VARCHAR)) FROM temp."touched_subscription" t LEFT JOIN curated."subscription__rows" c ON c."subscription_id" = t."subscription_id") AS suspect,
  (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c.deleted_at IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c.deleted_at IS NOT NULL) AS VARCHAR)) FROM curated."subscription__rows" c WHERE c._publication = 2) AS written
) q
UNION ALL
SELECT 'invoice' AS question, '=' || CAST(q.touched AS VARCHAR) AS c0, '=' || CAST(q.suspect AS VARCHAR) AS c1, '=' || CAST(q.written AS VARCHAR) AS c2 FROM (
SELECT CAST((SELECT COUNT(*) FROM temp."touched_invoice" t) AS VARCHAR) AS touched, (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c._publication < 2 AND c.deleted_at IS NULL) AS VARCHAR), CAST(COUNT(*) - (SELECT COUNT(*) FROM temp."touched_invoice" k) AS VARCHAR)) FROM temp."touched_invoice" t LEFT JOIN curated."invoice__rows" c ON c."invoice_id" = t."invoice_id") AS suspect,
  (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c.deleted_at IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c.deleted_at IS NOT NULL) AS VARCHAR)) FROM curated."invoice__rows" c WHERE c._publication = 2) AS written
) q
UNION ALL
SELECT 'payment' AS question, '=' || CAST(q.touched AS VARCHAR) AS c0, '=' || CAST(q.suspect AS VARCHAR) AS c1, '=' || CAST(q.written AS VARCHAR) AS c2 FROM (
SELECT CAST((SELECT COUNT(*) FROM temp."touched_payment" t) AS VARCHAR) AS touched, (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c._publication < 2 AND c.deleted_at IS NULL) AS VARCHAR), CAST(COUNT(*) - (SELECT COUNT(*) FROM temp."touched_payment" k) AS VARCHAR)) FROM temp."touched_payment" t LEFT JOIN curated."payment__rows" c ON c."payment_id" = t."payment_id") AS suspect,
  (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c.deleted_at IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c.deleted_at IS NOT NULL) AS VARCHAR)) FROM curated."payment__rows" c WHERE c._publication = 2) AS written
) q
UNION ALL
SELECT 'breaking.customer' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c."customer_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."legal_name" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."currency" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."balance_minor" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."delinquent" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."row_version" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."source_row_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."created_at" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."updated_at" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."currency" NOT IN ('USD', 'EUR', 'GBP', 'JPY', 'KWD', 'CHF', 'SEK')) AS VARCHAR)) FROM curated."customer__rows" c WHERE c._publication = 2 AND c.deleted_at IS NULL) AS of_rows, NULL AS of_keys
) q
UNION ALL
SELECT 'breaking.subscription' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c."subscription_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."customer_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."plan_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."status" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."currency" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."amount_minor" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."quantity" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."billing_interval" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."started_on" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."source_row_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."created_at" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."updated_at" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."currency" NOT IN ('USD', 'EUR', 'GBP', 'JPY', 'KWD', 'CHF', 'SEK')) AS VARCHAR)) FROM curated."subscription__rows" c WHERE c._publication = 2 AND c.deleted_at IS NULL) AS of_rows, CONCAT_WS(',', CAST((SELECT COUNT(*) FROM curated."subscription__rows" c
    ANTI JOIN curated."customer__rows" p ON p."customer_id" = c."customer_id"
    WHERE c._publication = 2 AND c.deleted_at IS NULL AND c."customer_id" IS NOT NULL) AS VARCHAR)) AS of_keys
) q
UNION ALL
SELECT 'breaking.invoice' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c."invoice_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."customer_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."status" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."currency" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."subtotal_minor" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."tax_minor" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."amount_due_minor" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."amount_paid_minor" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."issued_on" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."source_row_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."created_at" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."updated_at" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."currency" NOT IN ('USD', 'EUR', 'GBP', 'JPY', 'KWD', 'CHF', 'SEK')) AS VARCHAR)) FROM curated."invoice__rows" c WHERE c._publication = 2 AND c.deleted_at IS NULL) AS of_rows, CONCAT_WS(',', CAST((SELECT COUNT(*) FROM curated."invoice__rows" c
    ANTI JOIN curated."customer__rows" p ON p."customer_id" = c."customer_id"
    WHERE c._publication = 2 AND c.deleted_at IS NULL AND c."customer_id" IS NOT NULL) AS VARCHAR), CAST((SELECT COUNT(*) FROM curated."invoice__rows" c
    ANTI JOIN curated."subscription__rows" p ON p."subscription_id" = c."subscription_id"
    WHERE c._publication = 2 AND c.deleted_at IS NULL AND c."subscription_id" IS NOT NULL) AS VARCHAR)) AS of_keys
) q
UNION ALL
SELECT 'breaking.payment' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c."payment_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."invoice_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."customer_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."kind" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."status" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."currency" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."amount_minor" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."posted_on" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."currency" NOT IN ('USD', 'EUR', 'GBP', 'JPY', 'KWD', 'CHF', 'SEK')) AS VARCHAR)) FROM curated."payment__rows" c WHERE c._publication = 2 AND c.deleted_at IS NULL) AS of_rows, CONCAT_WS(',', CAST((SELECT COUNT(*) FROM curated."payment__rows" c
    ANTI JOIN curated."invoice__rows" p ON p."invoice_id" = c."invoice_id"
    WHERE c._publication = 2 AND c.deleted_at IS NULL AND c."invoice_id" IS NOT NULL) AS VARCHAR)) AS of_keys
) q;
