SELECT CAST(m."id" AS VARCHAR) AS key_0 FROM temp."missing_billing_invoices" m ORDER BY m."id" LIMIT 5;
