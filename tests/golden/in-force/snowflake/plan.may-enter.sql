SELECT 'waiting-by-rule' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.reasons AS VARCHAR) AS c1, '=' || CAST(q.fingerprints AS VARCHAR) AS c2, '=' || CAST(q.row_count AS VARCHAR) AS c3 FROM (
SELECT q.feed, q.reasons, q.fingerprints, CAST(COUNT(*) AS VARCHAR) AS row_count FROM OPS."OPEN_QUARANTINE" q
WHERE q.run_group = 'desk' AND q.kind <> 'held' AND NOT q.unique_only GROUP BY q.feed, q.reasons, q.fingerprints
) q;
