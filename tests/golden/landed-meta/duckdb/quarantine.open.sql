INSERT INTO ops."quarantine_row" (row_id, feed, run_group, kind, unique_only, batch_id, publication_id, number, seq, file, position, source_key, business_key, version, row_hash, copies, currency, minor, reasons, fingerprints, payload, payload_pii, opened_at, contract_version, scope)
SELECT 'b_1_app.entries' || '/' || CASE WHEN w._in_files THEN CAST(w._file AS VARCHAR) || '#' ELSE '' END || w._position, 'app.entries', 'desk', w._kind, w._unique_only,
  'b_1_app.entries', 'desk-1', 1, w._seq, CAST(w._file AS VARCHAR), w._position,
  COALESCE(CAST(w."id" AS VARCHAR), ''), CAST(w."entry_id" AS VARCHAR), CAST(NULL AS VARCHAR), w._hash, w._copies,
  w._currency, COALESCE(w._minor, 0), w._reasons, w._fingerprints,
  CAST(to_json({'_fault': CAST(NULL AS VARCHAR), 'id': CAST(w."id" AS VARCHAR), 'entry_id': w."entry_id", 'account_id': w."account_id", 'amount': CAST(w."amount" AS VARCHAR), 'currency': w."currency", 'memo': w."memo"}) AS VARCHAR), CAST(to_json({'_payload': CAST(NULL AS VARCHAR)}) AS VARCHAR), TIMESTAMP '2026-11-01 01:00:00.000',
  '1.0.0', w._scope
FROM temp."waiting_app_entries" w
WHERE w._as_landed
UNION ALL
SELECT 'b_1_app.entries' || '/' || CASE WHEN w._in_files THEN CAST(w._file AS VARCHAR) || '#' ELSE '' END || w._position, 'app.entries', 'desk', w._kind, w._unique_only,
  'b_1_app.entries', 'desk-1', 1, w._seq, CAST(w._file AS VARCHAR), w._position,
  COALESCE(CAST(w."id" AS VARCHAR), ''), CAST(w."entry_id" AS VARCHAR), CAST(NULL AS VARCHAR), w._hash, w._copies,
  w._currency, COALESCE(w._minor, 0), w._reasons, w._fingerprints,
  CAST(to_json({'_fault': r."_fault", 'id': r."id", 'entry_id': r."entry_id", 'account_id': r."account_id", 'amount': r."amount", 'currency': r."currency", 'memo': r."memo"}) AS VARCHAR), CAST(to_json({'_payload': r."_payload"}) AS VARCHAR), TIMESTAMP '2026-11-01 01:00:00.000',
  '1.0.0', w._scope
FROM temp."waiting_app_entries" w
JOIN raw."app_entries" r ON r._batch_id = 'b_1_app.entries' AND r._file = w._file AND r._position = w._position
WHERE NOT w._as_landed AND w._position IS NOT NULL;
