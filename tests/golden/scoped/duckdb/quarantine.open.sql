INSERT INTO ops."quarantine_row" (row_id, feed, run_group, kind, unique_only, batch_id, publication_id, number, seq, file, position, source_key, business_key, version, row_hash, copies, currency, minor, reasons, fingerprints, payload, payload_pii, opened_at, contract_version, scope)
SELECT 'b_2_app.entries' || '/' || CASE WHEN w._in_files THEN CAST(w._file AS VARCHAR) || '#' ELSE '' END || w._position, 'app.entries', 'desk', w._kind, w._unique_only,
  'b_2_app.entries', 'desk-2', 2, w._seq, CAST(w._file AS VARCHAR), w._position,
  COALESCE(CAST(w."id" AS VARCHAR), ''), CAST(w."entry_id" AS VARCHAR), CAST(w."memo" AS VARCHAR), w._hash, w._copies,
  w._currency, COALESCE(w._minor, 0), w._reasons, w._fingerprints,
  CAST(to_json({'id': CAST(w."id" AS VARCHAR), 'entry_id': w."entry_id", 'account_id': w."account_id", 'amount': CAST(w."amount" AS VARCHAR), 'currency': w."currency", 'memo': w."memo"}) AS VARCHAR), '{}', TIMESTAMP '2026-11-01 02:00:00.000',
  '1.0.0', w._scope
FROM temp."waiting_app_entries" w
WHERE w._as_landed;
