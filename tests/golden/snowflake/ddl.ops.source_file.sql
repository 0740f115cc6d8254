CREATE OR REPLACE VIEW OPS."SOURCE_FILE" AS
SELECT s.feed, s.state_key AS path, p.published_at AS happened_at, 'found' AS event, CAST(PARSE_JSON(s.state_value)['state'] AS VARCHAR) AS state, CAST(PARSE_JSON(CAST(PARSE_JSON(s.state_value)['stopped'] AS VARCHAR))['reason'] AS VARCHAR) AS why, CAST(PARSE_JSON(s.state_value)['of'] AS VARCHAR) AS copy_of, CAST(PARSE_JSON(s.state_value)['version'] AS VARCHAR) AS version, CAST(PARSE_JSON(s.state_value)['sha256'] AS VARCHAR) AS sha256,
  s.publication_id, p.actor, CAST(NULL AS VARCHAR) AS reason, CAST(NULL AS VARCHAR) AS ticket
FROM OPS."ADAPTER_STATE" s
JOIN OPS."PUBLICATION" p ON p.publication_id = s.publication_id
WHERE s.feed = 'partners.remittances' AND s.state_value IS NOT NULL
UNION ALL
SELECT CAST(PARSE_JSON(a.detail)['feed'] AS VARCHAR) AS feed, CAST(PARSE_JSON(a.detail)['part'] AS VARCHAR) AS path, a.happened_at, a.event, CAST(NULL AS VARCHAR) AS state, CAST(NULL AS VARCHAR) AS why, CAST(NULL AS VARCHAR) AS copy_of,
  CAST(PARSE_JSON(a.detail)['version'] AS VARCHAR) AS version, CAST(NULL AS VARCHAR) AS sha256, CAST(NULL AS VARCHAR) AS publication_id, a.actor, a.reason, a.ticket
FROM OPS."AUDIT_EVENT" a
WHERE a.event IN ('part.accepted', 'part.rejected', 'part.retried', 'part.waived');
