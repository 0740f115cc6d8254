INSERT INTO ops."audit_event" (event_id, event, subject, run_group, detail, actor, reason, ticket, code_version, happened_at) VALUES
('run_1/model.declared/customer', 'model.declared', 'customer', 'billing', '[{"after":"0","select":"4671662ca076081c"}]', 'desk', NULL, NULL, 'desk', TIMESTAMP '2026-11-01 01:00:00.000'),
('run_1/model.declared/subscription', 'model.declared', 'subscription', 'billing', '[{"after":"0","select":"a958fd44f7e77226"}]', 'desk', NULL, NULL, 'desk', TIMESTAMP '2026-11-01 01:00:00.000'),
('run_1/model.declared/invoice', 'model.declared', 'invoice', 'billing', '[{"after":"0","select":"2d3e9fdeeebd12e3"}]', 'desk', NULL, NULL, 'desk', TIMESTAMP '2026-11-01 01:00:00.000'),
('run_1/model.declared/payment', 'model.declared', 'payment', 'billing', '[{"after":"0","select":"1207d7de8144b302"}]', 'desk', NULL, NULL, 'desk', TIMESTAMP '2026-11-01 01:00:00.000');
