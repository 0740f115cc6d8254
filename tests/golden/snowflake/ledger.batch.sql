INSERT INTO OPS."BATCH" (publication_id, run_group, number, feed, batch_id, replay_of, seq, window_start, window_end, witness, manifest, row_count) VALUES
('billing-2', 'billing', 2, 'billing.customers', 'b_2_billing.customers', NULL, 2, NULL, NULL, 'source', 'landing/b_2_billing.customers.json', 2),
('billing-2', 'billing', 2, 'billing.subscriptions', 'b_2_billing.subscriptions', NULL, 2, NULL, NULL, 'source', 'landing/b_2_billing.subscriptions.json', 1),
('billing-2', 'billing', 2, 'billing.invoices', 'b_2_billing.invoices', NULL, 2, NULL, NULL, 'source', 'landing/b_2_billing.invoices.json', 3),
('billing-2', 'billing', 2, 'billing.payments', 'b_2_billing.payments', NULL, 2, NULL, NULL, 'source', 'landing/b_2_billing.payments.json', 2);
