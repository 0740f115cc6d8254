INSERT INTO ops."quarantine_row" (row_id, feed, run_group, kind, unique_only, batch_id, publication_id, number, seq, file, position, source_key, business_key, version, row_hash, copies, currency, minor, reasons, fingerprints, payload, payload_pii, opened_at, contract_version, scope)
SELECT 'b_2_billing.invoices' || '/' || CASE WHEN w._in_files THEN CAST(w._file AS VARCHAR) || '#' ELSE '' END || w._position, 'billing.invoices', 'billing', w._kind, w._unique_only,
  'b_2_billing.invoices', 'billing-2', 2, w._seq, CAST(w._file AS VARCHAR), w._position,
  COALESCE(CAST(w."id" AS VARCHAR), ''), CAST(w."invoice_id" AS VARCHAR), CAST(NULL AS VARCHAR), w._hash, w._copies,
  w._currency, COALESCE(w._minor, 0), w._reasons, w._fingerprints,
  CAST(to_json({'id': CAST(w."id" AS VARCHAR), 'invoice_id': w."invoice_id", 'invoice_number': w."invoice_number", 'customer_id': w."customer_id", 'subscription_id': w."subscription_id", 'status': w."status", 'billing_reason': w."billing_reason", 'currency': w."currency", 'subtotal_minor': CAST(w."subtotal_minor" AS VARCHAR), 'tax_minor': CAST(w."tax_minor" AS VARCHAR), 'amount_due_minor': CAST(w."amount_due_minor" AS VARCHAR), 'amount_paid_minor': CAST(w."amount_paid_minor" AS VARCHAR), 'period_start': CAST(w."period_start" AS VARCHAR) || '+00', 'period_end': CAST(w."period_end" AS VARCHAR) || '+00', 'issued_on': CAST(w."issued_on" AS VARCHAR), 'due_on': CAST(w."due_on" AS VARCHAR), 'description': w."description", 'created_at': CAST(w."created_at" AS VARCHAR) || '+00', 'updated_at': CAST(w."updated_at" AS VARCHAR) || '+00'}) AS VARCHAR), CAST(to_json({'customer_email': w."customer_email"}) AS VARCHAR), TIMESTAMP '2026-11-01 02:00:00.000',
  '1.0.0', CAST(NULL AS VARCHAR)
FROM temp."waiting_billing_invoices" w
WHERE w._as_landed;
