INSERT INTO OPS."PUBLICATION" (publication_id, run_group, number, base_head, token, run_id, kind, window_start, window_end, published_at, code_version, fingerprints, actor, reason, ticket) VALUES
('pub_2', 'billing', 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
