CREATE OR REPLACE VIEW ops."source_file" AS
SELECT s.feed, s.state_key AS path, p.published_at AS happened_at, 'found' AS event, json_extract_string(s.state_value, '/state') AS state, json_extract_string(json_extract_string(s.state_value, '/stopped'), '/reason') AS why, json_extract_string(s.state_value, '/of') AS copy_of, json_extract_string(s.state_value, '/version') AS version, json_extract_string(s.state_value, '/sha256') AS sha256,
  s.publication_id, p.actor, CAST(NULL AS VARCHAR) AS reason, CAST(NULL AS VARCHAR) AS ticket
FROM ops."adapter_state" s
JOIN ops."publication" p ON p.publication_id = s.publication_id
WHERE s.feed = 'partners.remittances' AND s.state_value IS NOT NULL
UNION ALL
SELECT json_extract_string(a.detail, '/feed') AS feed, json_extract_string(a.detail, '/part') AS path, a.happened_at, a.event, CAST(NULL AS VARCHAR) AS state, CAST(NULL AS VARCHAR) AS why, CAST(NULL AS VARCHAR) AS copy_of,
  json_extract_string(a.detail, '/version') AS version, CAST(NULL AS VARCHAR) AS sha256, CAST(NULL AS VARCHAR) AS publication_id, a.actor, a.reason, a.ticket
FROM ops."audit_event" a
WHERE a.event IN ('part.accepted', 'part.rejected', 'part.retried', 'part.waived');
