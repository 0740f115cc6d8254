INSERT INTO OPS."QUARANTINE_ROW" (row_id, feed, run_group, kind, unique_only, batch_id, publication_id, number, seq, file, position, source_key, business_key, version, row_hash, copies, currency, minor, reasons, fingerprints, payload, payload_pii, opened_at, contract_version, scope)
SELECT 'b_2_app.entries' || '/' || CASE WHEN w._position IS NULL THEN 'content-' || CAST(w._hash AS VARCHAR) || '#' || CAST(w._occurrence AS VARCHAR) ELSE CASE WHEN w._in_files THEN CAST(w._file AS VARCHAR) || '#' ELSE '' END || w._position END, 'app.entries', 'desk', w._kind, w._unique_only,
  'b_2_app.entries', 'desk-2', 2, w._seq, CAST(w._file AS VARCHAR), w._position,
  COALESCE(CAST(w."ID" AS VARCHAR), ''), CAST(w."ENTRY_ID" AS VARCHAR), CAST(NULL AS VARCHAR), w._hash, w._copies,
  w._currency, COALESCE(w._minor, 0), w._reasons, w._fingerprints,
  TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL('id', r."ID", 'entry_id', r."ENTRY_ID", 'account_id', r."ACCOUNT_ID", 'amount', r."AMOUNT", 'currency', r."CURRENCY", 'memo', r."MEMO")), '{}', CAST('2026-11-01 02:00:00.000' AS TIMESTAMP_NTZ(6)),
  '1.0.0', CAST(NULL AS VARCHAR)
FROM (SELECT t.*, ROW_NUMBER() OVER (PARTITION BY t._position, t._hash ORDER BY t."_FILE", t."ID") AS _occurrence FROM "WAITING_APP_ENTRIES" t) w
JOIN (
  SELECT u.* FROM (
    SELECT k.*, ROW_NUMBER() OVER (PARTITION BY k._content ORDER BY k._file) AS _nth FROM (
      SELECT t.*, SHA2(COALESCE(TO_VARCHAR(LENGTH("ID")) || ':' || "ID", '-') || COALESCE(TO_VARCHAR(LENGTH("ENTRY_ID")) || ':' || "ENTRY_ID", '-') || COALESCE(TO_VARCHAR(LENGTH("ACCOUNT_ID")) || ':' || "ACCOUNT_ID", '-') || COALESCE(TO_VARCHAR(LENGTH("AMOUNT")) || ':' || "AMOUNT", '-') || COALESCE(TO_VARCHAR(LENGTH("CURRENCY")) || ':' || "CURRENCY", '-') || COALESCE(TO_VARCHAR(LENGTH("MEMO")) || ':' || "MEMO", '-'), 256) AS _content FROM "RAW_APP_ENTRIES" t WHERE t._batch_id = 'b_2_app.entries' AND t._position IS NULL
    ) k WHERE k._content IN (SELECT w._hash FROM "WAITING_APP_ENTRIES" w WHERE NOT w._as_landed)
  ) u WHERE u._nth = 1
) r ON r._content = w._hash
WHERE NOT w._as_landed AND w._position IS NULL;
