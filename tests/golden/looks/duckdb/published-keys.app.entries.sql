SELECT CAST(s."id" AS VARCHAR) AS source_key, CAST(s."_deleted_at" AS VARCHAR) || '+00' AS at_instant FROM staging."app_entries__rows" s
WHERE s._deleted_at IS NULL AND s."currency" IN ('USD', 'it''s');
