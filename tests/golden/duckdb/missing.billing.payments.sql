CREATE OR REPLACE TEMP TABLE "missing_billing_payments" AS
SELECT DISTINCT k."id" FROM (
  SELECT CASE WHEN (k."id" IS NOT NULL AND (TRY_CAST(k."id" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST(k."id" AS BIGINT) AS VARCHAR) = k."id")) THEN NULL ELSE TRY_CAST(k."id" AS BIGINT) END AS "id" FROM raw."billing_payments__keys" k WHERE k."_batch_id" = 'b_2_billing.payments'
) k
WHERE k."id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM temp."label_billing_payments" l WHERE l._origin = 0 AND l."id" = k."id") AND NOT EXISTS (SELECT 1 FROM staging."billing_payments__rows" s WHERE s._deleted_at IS NULL AND s."id" = k."id") AND NOT EXISTS (SELECT 1 FROM ops."open_quarantine" q WHERE q.feed = 'billing.payments' AND q.source_key = CAST(k."id" AS VARCHAR));
