SELECT 'few_failures' AS rule, (SELECT CAST(x.v AS VARCHAR) FROM (SELECT * FROM (
select coalesce(100.0 * sum(case when status = 'failed' then 1 else 0 end) / nullif(count(*), 0), 0) from (SELECT l."id", l."payment_id", l."invoice_id", l."customer_id", l."kind", l."status", l."method", l."currency", l."amount_minor", l."fee_minor", l."receipt_email", l."card_last4", l."description", l."received_at", l."posted_on", l."created_at", l."updated_at" FROM temp."label_billing_payments" l
  LEFT JOIN temp."verdict_billing_payments" v ON v._row = l.rowid WHERE l._origin = 0)
) AS q (v)) x) AS observed;
