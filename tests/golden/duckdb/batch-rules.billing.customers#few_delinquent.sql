SELECT 'few_delinquent' AS rule, (SELECT CAST(x.v AS VARCHAR) FROM (SELECT * FROM (
select coalesce(100.0 * sum(case when delinquent then 1 else 0 end) / nullif(count(*), 0), 0) from (SELECT l."id", l."customer_id", l."legal_name", l."display_name", l."email", l."phone", l."country", l."currency", l."tax_exempt", l."billing_address", l."vat_number", l."balance_minor", l."delinquent", l."segment", l."row_version", l."created_at", l."updated_at" FROM temp."label_billing_customers" l
  LEFT JOIN temp."verdict_billing_customers" v ON v._row = l.rowid WHERE l._origin = 0)
) AS q (v)) x) AS observed;
