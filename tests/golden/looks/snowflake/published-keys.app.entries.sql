SELECT CAST(s."ID" AS VARCHAR) AS source_key, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(s."_DELETED_AT", 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS at_instant FROM STAGING."APP_ENTRIES__ROWS" s
WHERE s._deleted_at IS NULL AND s."CURRENCY" IN ('USD', 'it''s');
