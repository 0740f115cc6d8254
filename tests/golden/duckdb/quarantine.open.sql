INSERT INTO ops."quarantine_row" (row_id, feed, run_group, kind, unique_only, batch_id, publication_id, number, seq, file, position, source_key, business_key, version, row_hash, copies, currency, minor, reasons, fingerprints, payload, payload_pii, opened_at, contract_version)
SELECT 'b_2_billing.invoices' || '/' || l._position, 'billing.invoices', 'billing', CASE v._class WHEN 'unreadable' THEN 'unreadable' WHEN 'held' THEN 'held' ELSE 'quarantined' END, v._unique_only,
  'b_2_billing.invoices', 'pub_2', 2, l._seq, r._file, l._position,
  COALESCE(CAST(l."id" AS VARCHAR), ''), CAST(l."invoice_id" AS VARCHAR), CAST(NULL AS VARCHAR), l._hash, v._copies,
  l._currency, COALESCE(l._minor, 0), CASE WHEN '[' || RTRIM(CASE WHEN (COALESCE(v._mask0, l._mask0) & 1) <> 0 THEN '"id.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 2) <> 0 THEN '"id.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 4) <> 0 THEN '"invoice_id.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 8) <> 0 THEN '"invoice_id.length",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 16) <> 0 THEN '"invoice_number.length",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 32) <> 0 THEN '"customer_id.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 64) <> 0 THEN '"status.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 128) <> 0 THEN '"currency.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 256) <> 0 THEN '"subtotal_minor.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 512) <> 0 THEN '"subtotal_minor.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 1024) <> 0 THEN '"tax_minor.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 2048) <> 0 THEN '"tax_minor.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 4096) <> 0 THEN '"tax_minor.range",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 8192) <> 0 THEN '"amount_due_minor.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 16384) <> 0 THEN '"amount_due_minor.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 32768) <> 0 THEN '"amount_due_minor.range",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 65536) <> 0 THEN '"amount_paid_minor.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 131072) <> 0 THEN '"amount_paid_minor.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 262144) <> 0 THEN '"amount_paid_minor.range",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 524288) <> 0 THEN '"period_start.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 1048576) <> 0 THEN '"period_end.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 2097152) <> 0 THEN '"issued_on.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 4194304) <> 0 THEN '"issued_on.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 8388608) <> 0 THEN '"issued_on.range",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 16777216) <> 0 THEN '"due_on.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 33554432) <> 0 THEN '"customer_email.pattern",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 67108864) <> 0 THEN '"description.length",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 134217728) <> 0 THEN '"created_at.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 268435456) <> 0 THEN '"created_at.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 536870912) <> 0 THEN '"updated_at.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 1073741824) <> 0 THEN '"updated_at.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 4294967296) <> 0 THEN '"status.accepted",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 8589934592) <> 0 THEN '"billing_reason.accepted",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 17179869184) <> 0 THEN '"currency.accepted",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 68719476736) <> 0 THEN '"total_adds_up",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 137438953472) <> 0 THEN '"not_overpaid",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 274877906944) <> 0 THEN '"period_order",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 2147483648) <> 0 THEN '"customer_id.immutable",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 34359738368) <> 0 THEN '"currency.immutable",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 2199023255552) <> 0 THEN '"issued_on.immutable",' ELSE '' END
    || CASE WHEN (COALESCE(v._duplicate_keys, 0) & 1) <> 0 THEN '"invoice_id.unique",' ELSE '' END
    || CASE WHEN (COALESCE(v._duplicate_keys, 0) & 2) <> 0 THEN '"id.unique",' ELSE '' END
    || CASE WHEN (COALESCE(v._unknown, 0) & 1) <> 0 THEN '"customer_id.foreign_key",' ELSE '' END
    || CASE WHEN (COALESCE(v._stuck, 0) & 1) <> 0 THEN '"customer_id.parent_quarantined",' ELSE '' END
    || CASE WHEN (COALESCE(v._unknown, 0) & 2) <> 0 THEN '"subscription_id.foreign_key",' ELSE '' END
    || CASE WHEN (COALESCE(v._stuck, 0) & 2) <> 0 THEN '"subscription_id.parent_quarantined",' ELSE '' END, ',') || ']' = '[]' THEN '["money.unreadable"]' ELSE '[' || RTRIM(CASE WHEN (COALESCE(v._mask0, l._mask0) & 1) <> 0 THEN '"id.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 2) <> 0 THEN '"id.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 4) <> 0 THEN '"invoice_id.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 8) <> 0 THEN '"invoice_id.length",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 16) <> 0 THEN '"invoice_number.length",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 32) <> 0 THEN '"customer_id.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 64) <> 0 THEN '"status.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 128) <> 0 THEN '"currency.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 256) <> 0 THEN '"subtotal_minor.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 512) <> 0 THEN '"subtotal_minor.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 1024) <> 0 THEN '"tax_minor.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 2048) <> 0 THEN '"tax_minor.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 4096) <> 0 THEN '"tax_minor.range",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 8192) <> 0 THEN '"amount_due_minor.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 16384) <> 0 THEN '"amount_due_minor.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 32768) <> 0 THEN '"amount_due_minor.range",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 65536) <> 0 THEN '"amount_paid_minor.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 131072) <> 0 THEN '"amount_paid_minor.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 262144) <> 0 THEN '"amount_paid_minor.range",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 524288) <> 0 THEN '"period_start.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 1048576) <> 0 THEN '"period_end.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 2097152) <> 0 THEN '"issued_on.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 4194304) <> 0 THEN '"issued_on.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 8388608) <> 0 THEN '"issued_on.range",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 16777216) <> 0 THEN '"due_on.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 33554432) <> 0 THEN '"customer_email.pattern",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 67108864) <> 0 THEN '"description.length",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 134217728) <> 0 THEN '"created_at.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 268435456) <> 0 THEN '"created_at.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 536870912) <> 0 THEN '"updated_at.type",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 1073741824) <> 0 THEN '"updated_at.required",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 4294967296) <> 0 THEN '"status.accepted",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 8589934592) <> 0 THEN '"billing_reason.accepted",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 17179869184) <> 0 THEN '"currency.accepted",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 68719476736) <> 0 THEN '"total_adds_up",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 137438953472) <> 0 THEN '"not_overpaid",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 274877906944) <> 0 THEN '"period_order",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 2147483648) <> 0 THEN '"customer_id.immutable",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 34359738368) <> 0 THEN '"currency.immutable",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 2199023255552) <> 0 THEN '"issued_on.immutable",' ELSE '' END
    || CASE WHEN (COALESCE(v._duplicate_keys, 0) & 1) <> 0 THEN '"invoice_id.unique",' ELSE '' END
    || CASE WHEN (COALESCE(v._duplicate_keys, 0) & 2) <> 0 THEN '"id.unique",' ELSE '' END
    || CASE WHEN (COALESCE(v._unknown, 0) & 1) <> 0 THEN '"customer_id.foreign_key",' ELSE '' END
    || CASE WHEN (COALESCE(v._stuck, 0) & 1) <> 0 THEN '"customer_id.parent_quarantined",' ELSE '' END
    || CASE WHEN (COALESCE(v._unknown, 0) & 2) <> 0 THEN '"subscription_id.foreign_key",' ELSE '' END
    || CASE WHEN (COALESCE(v._stuck, 0) & 2) <> 0 THEN '"subscription_id.parent_quarantined",' ELSE '' END, ',') || ']' END, '[' || RTRIM(CASE WHEN (COALESCE(v._mask0, l._mask0) & 1) <> 0 THEN '"de12f7677590b26f",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 2) <> 0 THEN '"d575ebc836571292",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 4) <> 0 THEN '"0ca4208a8126055b",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 8) <> 0 THEN '"fa7b0d8ff7139480",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 16) <> 0 THEN '"a8a67e1f12456234",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 32) <> 0 THEN '"7894605838c31160",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 64) <> 0 THEN '"2520a22bc3bddd92",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 128) <> 0 THEN '"d76264bad630f8a3",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 256) <> 0 THEN '"67aa61158e706031",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 512) <> 0 THEN '"31309eb7d2859b17",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 1024) <> 0 THEN '"c7c8bc12c611d12d",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 2048) <> 0 THEN '"bee9de989ebbedda",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 4096) <> 0 THEN '"af25e7f14ee70ae4",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 8192) <> 0 THEN '"b4853756dfcd8077",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 16384) <> 0 THEN '"d848ca01192a61af",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 32768) <> 0 THEN '"3d8daba1d2ced2c1",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 65536) <> 0 THEN '"cb3f153aa3c2d664",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 131072) <> 0 THEN '"211eace19bb38019",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 262144) <> 0 THEN '"4ef12f6cd8abbe87",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 524288) <> 0 THEN '"9961e3705f34e34e",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 1048576) <> 0 THEN '"f9e513bf743e7104",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 2097152) <> 0 THEN '"03d1cfd0fe88c78d",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 4194304) <> 0 THEN '"bb39cc1521c1b4a0",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 8388608) <> 0 THEN '"8af230a802709246",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 16777216) <> 0 THEN '"1f9f60a5abbeb2f9",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 33554432) <> 0 THEN '"c275ef1847d10617",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 67108864) <> 0 THEN '"8385e123a6fe350b",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 134217728) <> 0 THEN '"fc93dc8b4a2f6d26",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 268435456) <> 0 THEN '"013a8e373bca5b16",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 536870912) <> 0 THEN '"802d79dd0abbd418",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 1073741824) <> 0 THEN '"349d8664567afc1b",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 4294967296) <> 0 THEN '"1279c42b1c413816",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 8589934592) <> 0 THEN '"fb61a314a71b96a0",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 17179869184) <> 0 THEN '"717259ba81617120",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 68719476736) <> 0 THEN '"14bf091dc9113d85",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 137438953472) <> 0 THEN '"ebe7255af9e5f300",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 274877906944) <> 0 THEN '"ba9bade553c05dbe",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 2147483648) <> 0 THEN '"ffd31aca373be54f",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 34359738368) <> 0 THEN '"6b09ec1c1a498f16",' ELSE '' END
    || CASE WHEN (COALESCE(v._mask0, l._mask0) & 2199023255552) <> 0 THEN '"b3d9b9445b7ec288",' ELSE '' END
    || CASE WHEN (COALESCE(v._duplicate_keys, 0) & 1) <> 0 THEN '"caff177bccb6a3f2",' ELSE '' END
    || CASE WHEN (COALESCE(v._duplicate_keys, 0) & 2) <> 0 THEN '"80c83f8c1794b678",' ELSE '' END
    || CASE WHEN (COALESCE(v._unknown, 0) & 1) <> 0 THEN '"9706d4890464e80b",' ELSE '' END
    || CASE WHEN (COALESCE(v._stuck, 0) & 1) <> 0 THEN '"d64db18586e06477",' ELSE '' END
    || CASE WHEN (COALESCE(v._unknown, 0) & 2) <> 0 THEN '"e7bf9b2a0d7e3600",' ELSE '' END
    || CASE WHEN (COALESCE(v._stuck, 0) & 2) <> 0 THEN '"e0f3b57c6287ef64",' ELSE '' END, ',') || ']',
  CAST(to_json({'id': r."id", 'invoice_id': r."invoice_id", 'invoice_number': r."invoice_number", 'customer_id': r."customer_id", 'subscription_id': r."subscription_id", 'status': r."status", 'billing_reason': r."billing_reason", 'currency': r."currency", 'subtotal_minor': r."subtotal_minor", 'tax_minor': r."tax_minor", 'amount_due_minor': r."amount_due_minor", 'amount_paid_minor': r."amount_paid_minor", 'period_start': r."period_start", 'period_end': r."period_end", 'issued_on': r."issued_on", 'due_on': r."due_on", 'description': r."description", 'created_at': r."created_at", 'updated_at': r."updated_at"}) AS VARCHAR), CAST(to_json({'customer_email': r."customer_email"}) AS VARCHAR), TIMESTAMP '2026-11-01 02:00:00',
  '1.0.0'
FROM temp."verdict_billing_invoices" v
JOIN temp."label_billing_invoices" l ON l.rowid = v._row
JOIN raw."billing_invoices" r ON r._batch_id = 'b_2_billing.invoices' AND r._position = l._position
WHERE v._origin = 0 AND v._class IN ('unreadable', 'quarantined', 'held') AND NOT v._seen_again AND v._copy = 1;
