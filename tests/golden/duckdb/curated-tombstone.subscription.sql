INSERT INTO curated."subscription__rows" ("subscription_id", "customer_id", "plan_id", "status", "currency", "amount_minor", "quantity", "billing_interval", "collection_method", "period_start", "period_end", "trial_end", "started_on", "canceled_at", "source_row_id", "created_at", "updated_at", "_contract_version", "_publication", "deleted_at")
SELECT h."subscription_id", h."customer_id", h."plan_id", h."status", h."currency", h."amount_minor", h."quantity", h."billing_interval", h."collection_method", h."period_start", h."period_end", h."trial_end", h."started_on", h."canceled_at", h."source_row_id", h."created_at", h."updated_at", '1.0.0', 2, TIMESTAMP '2026-11-01 02:00:00.000'
FROM history."subscription" h
WHERE h._to_publication = 2 AND h.deleted_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM curated."subscription__rows" n WHERE n._publication = 2 AND n."subscription_id" = h."subscription_id");
