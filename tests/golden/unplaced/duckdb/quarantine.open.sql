INSERT INTO ops."quarantine_row" (row_id, feed, run_group, kind, unique_only, batch_id, publication_id, number, seq, file, position, source_key, business_key, version, row_hash, copies, currency, minor, reasons, fingerprints, payload, payload_pii, opened_at, contract_version, scope)
SELECT 'b_2_app.entries' || '/' || CASE WHEN w._position IS NULL THEN 'content-' || to_hex(w._hash) || '#' || CAST(w._occurrence AS VARCHAR) ELSE CASE WHEN w._in_files THEN CAST(w._file AS VARCHAR) || '#' ELSE '' END || w._position END, 'app.entries', 'desk', w._kind, w._unique_only,
  'b_2_app.entries', 'desk-2', 2, w._seq, CAST(w._file AS VARCHAR), w._position,
  COALESCE(CAST(w."id" AS VARCHAR), ''), CAST(w."entry_id" AS VARCHAR), CAST(NULL AS VARCHAR), w._hash, w._copies,
  w._currency, COALESCE(w._minor, 0), w._reasons, w._fingerprints,
  CAST(to_json({'id': r."id", 'entry_id': r."entry_id", 'account_id': r."account_id", 'amount': r."amount", 'currency': r."currency", 'memo': r."memo"}) AS VARCHAR), '{}', TIMESTAMP '2026-11-01 02:00:00.000',
  '1.0.0', CAST(NULL AS VARCHAR)
FROM (SELECT t.*, ROW_NUMBER() OVER (PARTITION BY t._position, t._hash ORDER BY t."_file", t."id") AS _occurrence FROM temp."waiting_app_entries" t) w
JOIN (
  SELECT u.* FROM (
    SELECT k.*, ROW_NUMBER() OVER (PARTITION BY k._content ORDER BY k._file) AS _nth FROM (
      SELECT t.*, (CAST(hash("id", "entry_id", "account_id", "amount", "currency", "memo") AS UHUGEINT) * 18446744073709551616 + CAST(hash("memo", "currency", "amount", "account_id", "entry_id", "id", 'ledgerloop') AS UHUGEINT)) AS _content FROM raw."app_entries" t WHERE t._batch_id = 'b_2_app.entries' AND t._position IS NULL
    ) k WHERE k._content IN (SELECT w._hash FROM temp."waiting_app_entries" w WHERE NOT w._as_landed)
  ) u WHERE u._nth = 1
) r ON r._content = w._hash
WHERE NOT w._as_landed AND w._position IS NULL;
