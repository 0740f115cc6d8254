INSERT INTO OPS."QUARANTINE_ROW" (row_id, feed, run_group, kind, unique_only, batch_id, publication_id, number, seq, file, position, source_key, business_key, version, row_hash, copies, currency, minor, reasons, fingerprints, payload, payload_pii, opened_at, contract_version, scope)
SELECT 'b_1_app.entries' || '/' || CASE WHEN w._in_files THEN CAST(w._file AS VARCHAR) || '#' ELSE '' END || w._position, 'app.entries', 'desk', w._kind, w._unique_only,
  'b_1_app.entries', 'desk-1', 1, w._seq, CAST(w._file AS VARCHAR), w._position,
  COALESCE(CAST(w."ID" AS VARCHAR), ''), CAST(w."ENTRY_ID" AS VARCHAR), CAST(NULL AS VARCHAR), w._hash, w._copies,
  w._currency, COALESCE(w._minor, 0), w._reasons, w._fingerprints,
  TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL('_fault', CAST(NULL AS VARCHAR), 'id', TO_VARCHAR(w."ID"), 'entry_id', w."ENTRY_ID", 'account_id', w."ACCOUNT_ID", 'amount', TO_VARCHAR(w."AMOUNT"), 'currency', w."CURRENCY", 'memo', w."MEMO")), TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL('_payload', CAST(NULL AS VARCHAR))), CAST('2026-11-01 01:00:00.000' AS TIMESTAMP_NTZ(6)),
  '1.0.0', w._scope
FROM "WAITING_APP_ENTRIES" w
WHERE w._as_landed
UNION ALL
SELECT 'b_1_app.entries' || '/' || CASE WHEN w._in_files THEN CAST(w._file AS VARCHAR) || '#' ELSE '' END || w._position, 'app.entries', 'desk', w._kind, w._unique_only,
  'b_1_app.entries', 'desk-1', 1, w._seq, CAST(w._file AS VARCHAR), w._position,
  COALESCE(CAST(w."ID" AS VARCHAR), ''), CAST(w."ENTRY_ID" AS VARCHAR), CAST(NULL AS VARCHAR), w._hash, w._copies,
  w._currency, COALESCE(w._minor, 0), w._reasons, w._fingerprints,
  TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL('_fault', r."_FAULT", 'id', r."ID", 'entry_id', r."ENTRY_ID", 'account_id', r."ACCOUNT_ID", 'amount', r."AMOUNT", 'currency', r."CURRENCY", 'memo', r."MEMO")), TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL('_payload', r."_PAYLOAD")), CAST('2026-11-01 01:00:00.000' AS TIMESTAMP_NTZ(6)),
  '1.0.0', w._scope
FROM "WAITING_APP_ENTRIES" w
JOIN "RAW_APP_ENTRIES" r ON r._batch_id = 'b_1_app.entries' AND r._file = w._file AND r._position = w._position
WHERE NOT w._as_landed AND w._position IS NOT NULL;
