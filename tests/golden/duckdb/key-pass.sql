SELECT 'key-pass' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.keys AS VARCHAR) AS c1, '=' || CAST(q.distinct_keys AS VARCHAR) AS c2, '=' || CAST(q.missing AS VARCHAR) AS c3 FROM (
SELECT 'billing.customers' AS feed, CAST((SELECT COUNT(*) FROM raw."billing_customers__keys" k WHERE k."_batch_id" = 'b_2_billing.customers') AS VARCHAR) AS keys,
  CAST((SELECT COUNT(*) FROM (SELECT DISTINCT k."id" FROM raw."billing_customers__keys" k WHERE k."_batch_id" = 'b_2_billing.customers') d) AS VARCHAR) AS distinct_keys,
  CAST((SELECT COUNT(*) FROM temp."missing_billing_customers" m) AS VARCHAR) AS missing
UNION ALL
SELECT 'billing.subscriptions' AS feed, CAST((SELECT COUNT(*) FROM raw."billing_subscriptions__keys" k WHERE k."_batch_id" = 'b_2_billing.subscriptions') AS VARCHAR) AS keys,
  CAST((SELECT COUNT(*) FROM (SELECT DISTINCT k."id" FROM raw."billing_subscriptions__keys" k WHERE k."_batch_id" = 'b_2_billing.subscriptions') d) AS VARCHAR) AS distinct_keys,
  CAST((SELECT COUNT(*) FROM temp."missing_billing_subscriptions" m) AS VARCHAR) AS missing
UNION ALL
SELECT 'billing.invoices' AS feed, CAST((SELECT COUNT(*) FROM raw."billing_invoices__keys" k WHERE k."_batch_id" = 'b_2_billing.invoices') AS VARCHAR) AS keys,
  CAST((SELECT COUNT(*) FROM (SELECT DISTINCT k."id" FROM raw."billing_invoices__keys" k WHERE k."_batch_id" = 'b_2_billing.invoices') d) AS VARCHAR) AS distinct_keys,
  CAST((SELECT COUNT(*) FROM temp."missing_billing_invoices" m) AS VARCHAR) AS missing
UNION ALL
SELECT 'billing.payments' AS feed, CAST((SELECT COUNT(*) FROM raw."billing_payments__keys" k WHERE k."_batch_id" = 'b_2_billing.payments') AS VARCHAR) AS keys,
  CAST((SELECT COUNT(*) FROM (SELECT DISTINCT k."id" FROM raw."billing_payments__keys" k WHERE k."_batch_id" = 'b_2_billing.payments') d) AS VARCHAR) AS distinct_keys,
  CAST((SELECT COUNT(*) FROM temp."missing_billing_payments" m) AS VARCHAR) AS missing
) q;
