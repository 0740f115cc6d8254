SELECT 'publications' AS question, '=' || CAST(q.publication_id AS VARCHAR) AS c0, '=' || CAST(q.run_id AS VARCHAR) AS c1, '=' || CAST(q.kind AS VARCHAR) AS c2, '=' || CAST(q.code_version AS VARCHAR) AS c3, '=' || CAST(q.actor AS VARCHAR) AS c4, '=' || CAST(q.reason AS VARCHAR) AS c5, '=' || CAST(q.ticket AS VARCHAR) AS c6, '=' || CAST(q.number AS VARCHAR) AS c7, '=' || CAST(q.token AS VARCHAR) AS c8, '=' || CAST(q.base_head AS VARCHAR) AS c9, '=' || CAST(q.window_start AS VARCHAR) AS c10, '=' || CAST(q.window_end AS VARCHAR) AS c11, '=' || CAST(q.published_at AS VARCHAR) AS c12, '=' || CAST(q.started_at AS VARCHAR) AS c13 FROM (
SELECT p.publication_id, p.run_id, p.kind, p.code_version, p.actor, p.reason, p.ticket, CAST(p.number AS VARCHAR) AS number, CAST(p.token AS VARCHAR) AS token, CAST(p.base_head AS VARCHAR) AS base_head, CAST(p.window_start AS VARCHAR) || '+00' AS window_start, CAST(p.window_end AS VARCHAR) || '+00' AS window_end, CAST(p.published_at AS VARCHAR) || '+00' AS published_at, CAST(t.raised_at AS VARCHAR) || '+00' AS started_at FROM ops."publication" p
LEFT JOIN ops."fence_token" t ON t.run_group = p.run_group AND t.token = p.token AND t.run_id = p.run_id
WHERE p.run_group = 'desk' AND p.number >= 1 AND p.number <= 1
) q
UNION ALL
SELECT 'flow' AS question, '=' || CAST(q.number AS VARCHAR) AS c0, '=' || CAST(q.feed AS VARCHAR) AS c1, '=' || CAST(q.currency AS VARCHAR) AS c2, '=' || CAST(q.class AS VARCHAR) AS c3, '=' || CAST(q.row_count AS VARCHAR) AS c4, '=' || CAST(q.minor AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12, CAST(NULL AS VARCHAR) AS c13 FROM (
SELECT f.feed, f.currency, f.class, CAST(f.number AS VARCHAR) AS number, CAST(f.row_count AS VARCHAR) AS row_count, CAST(f.minor AS VARCHAR) AS minor FROM ops."flow" f WHERE f.run_group = 'desk' AND f.number >= 1 AND f.number <= 1
) q
UNION ALL
SELECT 'verdicts' AS question, '=' || CAST(q.number AS VARCHAR) AS c0, '=' || CAST(q.scope AS VARCHAR) AS c1, '=' || CAST(q.feed AS VARCHAR) AS c2, '=' || CAST(q.name AS VARCHAR) AS c3, '=' || CAST(q.severity AS VARCHAR) AS c4, '=' || CAST(q.fingerprint AS VARCHAR) AS c5, '=' || CAST(q.verdict AS VARCHAR) AS c6, '=' || CAST(q.observed AS VARCHAR) AS c7, '=' || CAST(q.limit_text AS VARCHAR) AS c8, '=' || CAST(q.currency AS VARCHAR) AS c9, '=' || CAST(q.curated AS VARCHAR) AS c10, '=' || CAST(q.rule AS VARCHAR) AS c11, '=' || CAST(q.subject AS VARCHAR) AS c12, CAST(NULL AS VARCHAR) AS c13 FROM (
SELECT CAST(v.number AS VARCHAR) AS number, v.scope, v.feed, v.name, v.severity, v.fingerprint, v.verdict, v.observed, v.limit_text, v.currency, v.curated, v.rule, v.subject FROM ops."verdict" v WHERE v.run_group = 'desk' AND v.number >= 1 AND v.number <= 1
) q
UNION ALL
SELECT 'feeds' AS question, '=' || CAST(q.number AS VARCHAR) AS c0, '=' || CAST(q.feed AS VARCHAR) AS c1, '=' || CAST(q.as_of AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12, CAST(NULL AS VARCHAR) AS c13 FROM (
SELECT CAST(h.number AS VARCHAR) AS number, h.feed, CAST(h.as_of AS VARCHAR) || '+00' AS as_of FROM ops."feed_horizon" h WHERE h.run_group = 'desk' AND h.number >= 1 AND h.number <= 1
) q
UNION ALL
SELECT 'samples.app.accounts' AS question, '=' || CAST(q.number AS VARCHAR) AS c0, '=' || CAST(q.at_position AS VARCHAR) AS c1, '=' || CAST(q.reasons AS VARCHAR) AS c2, '=' || CAST(q.key_0 AS VARCHAR) AS c3, '=' || CAST(q.key_1 AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12, CAST(NULL AS VARCHAR) AS c13 FROM (
SELECT CAST(s.number AS VARCHAR) AS number, s.position AS at_position, s.reasons, CASE WHEN json_extract_string(s.payload_pii, '/id') IS NULL THEN json_extract_string(s.payload, '/id') ELSE '•••' END AS key_0, CASE WHEN json_extract_string(s.payload_pii, '/account_id') IS NULL THEN json_extract_string(s.payload, '/account_id') ELSE '•••' END AS key_1 FROM (
  SELECT q.number, q.position, q.reasons, q.payload, q.payload_pii, ROW_NUMBER() OVER (PARTITION BY q.number ORDER BY q.position, q.row_id) AS nth
  FROM ops."quarantine_row" q JOIN ops."batch" b ON b.batch_id = q.batch_id AND b.publication_id = q.publication_id
  WHERE q.feed = 'app.accounts' AND q.run_group = 'desk' AND q.number >= 1 AND q.number <= 1
) s WHERE s.nth <= 20
) q
UNION ALL
SELECT 'samples.app.entries' AS question, '=' || CAST(q.number AS VARCHAR) AS c0, '=' || CAST(q.at_position AS VARCHAR) AS c1, '=' || CAST(q.reasons AS VARCHAR) AS c2, '=' || CAST(q.key_0 AS VARCHAR) AS c3, '=' || CAST(q.key_1 AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12, CAST(NULL AS VARCHAR) AS c13 FROM (
SELECT CAST(s.number AS VARCHAR) AS number, s.position AS at_position, s.reasons, CASE WHEN json_extract_string(s.payload_pii, '/id') IS NULL THEN json_extract_string(s.payload, '/id') ELSE '•••' END AS key_0, CASE WHEN json_extract_string(s.payload_pii, '/entry_id') IS NULL THEN json_extract_string(s.payload, '/entry_id') ELSE '•••' END AS key_1 FROM (
  SELECT q.number, q.position, q.reasons, q.payload, q.payload_pii, ROW_NUMBER() OVER (PARTITION BY q.number ORDER BY q.position, q.row_id) AS nth
  FROM ops."quarantine_row" q JOIN ops."batch" b ON b.batch_id = q.batch_id AND b.publication_id = q.publication_id
  WHERE q.feed = 'app.entries' AND q.run_group = 'desk' AND q.number >= 1 AND q.number <= 1
) s WHERE s.nth <= 20
) q;
