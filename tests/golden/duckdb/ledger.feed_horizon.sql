INSERT INTO ops."feed_horizon" (publication_id, run_group, number, feed, batch_id, cursor_kind, cursor_position, cursor_identity, horizon, as_of, loading_since) VALUES
('billing-2', 'billing', 2, 'billing.customers', 'b_2_billing.customers', 'desk', 'null', '"desk"', NULL, TIMESTAMP '2026-11-01 02:00:00.000', NULL),
('billing-2', 'billing', 2, 'billing.subscriptions', 'b_2_billing.subscriptions', 'desk', 'null', '"desk"', NULL, TIMESTAMP '2026-11-01 02:00:00.000', NULL),
('billing-2', 'billing', 2, 'billing.invoices', 'b_2_billing.invoices', 'desk', 'null', '"desk"', NULL, TIMESTAMP '2026-11-01 02:00:00.000', NULL),
('billing-2', 'billing', 2, 'billing.payments', 'b_2_billing.payments', 'desk', 'null', '"desk"', NULL, TIMESTAMP '2026-11-01 02:00:00.000', NULL),
('billing-2', 'billing', 2, 'partners.remittances', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
