INSERT INTO staging."reference_key_0__rows" ("customer_id")
SELECT DISTINCT k."customer_id" AS "customer_id" FROM raw."reference_key_0" k WHERE k."_batch_id" = 'reference.key_0';
