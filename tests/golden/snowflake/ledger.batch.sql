INSERT INTO OPS."BATCH" (publication_id, run_group, number, feed, batch_id, replay_of, seq, window_start, window_end, cursor_mode, horizon, system_identifier, timeline, manifest, row_count) VALUES
('pub_2', 'billing', 2, 'billing.customers', 'b_2_billing.customers', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
('pub_2', 'billing', 2, 'billing.subscriptions', 'b_2_billing.subscriptions', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
('pub_2', 'billing', 2, 'billing.invoices', 'b_2_billing.invoices', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
('pub_2', 'billing', 2, 'billing.payments', 'b_2_billing.payments', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
