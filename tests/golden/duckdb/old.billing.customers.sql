CREATE OR REPLACE TEMP TABLE "old_billing_customers" AS
SELECT s."id", s."customer_id", s."legal_name", s."display_name", s."email", s."phone", s."country", s."currency", s."tax_exempt", s."billing_address", s."vat_number", s."balance_minor", s."delinquent", s."segment", s."row_version", s."created_at", s."updated_at", s._currency, s._minor, s._deleted_at FROM staging."billing_customers__rows" s
  JOIN temp."label_billing_customers" l ON s."id" = l."id"
  JOIN temp."verdict_billing_customers" v ON v._row = l.rowid AND v._class = 'updated'
UNION ALL
SELECT s."id", s."customer_id", s."legal_name", s."display_name", s."email", s."phone", s."country", s."currency", s."tax_exempt", s."billing_address", s."vat_number", s."balance_minor", s."delinquent", s."segment", s."row_version", s."created_at", s."updated_at", s._currency, s._minor, s._deleted_at FROM staging."billing_customers__rows" s
  JOIN temp."vanished_billing_customers" g ON s."id" = g."id";
