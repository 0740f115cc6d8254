CREATE OR REPLACE TEMP TABLE "tie_files__0" AS
SELECT CAST(q."file" AS VARCHAR) AS key_0, CAST(q."id" AS VARCHAR) AS row_id, NULLIF(TRIM(CAST(q."currency" AS VARCHAR)), '') AS currency, CASE WHEN regexp_matches(CAST(q."amount_minor" AS VARCHAR), '^-?[0-9]{1,37}([.]0+)?$') THEN CAST(q."amount_minor" AS HUGEINT) END AS minor, 0 AS fee, CASE WHEN CAST(q."on_day" AS DATE) BETWEEN CAST('1000-01-01' AS DATE) AND CAST('9999-12-31' AS DATE) THEN CAST(q."on_day" AS DATE) END AS on_day FROM (
WITH came AS (
  SELECT c.file, c.currency, SUM(CAST(c.minor AS HUGEINT)) AS minor FROM (
    SELECT r._scope AS file, r._currency AS currency, r._minor AS minor
    FROM staging."partners_remittances__rows" r
    LEFT JOIN (SELECT q.scope, q.source_key, MAX(q.seq) AS seq FROM ops."open_quarantine" q WHERE q.feed = 'partners.remittances' GROUP BY q.scope, q.source_key) w
      ON w.scope = r._scope AND w.source_key = CAST(r."remittance_id" AS VARCHAR)
    WHERE r._deleted_at IS NULL AND r._minor IS NOT NULL AND (w.seq IS NULL OR w.seq <= r._seq)
    UNION ALL
    SELECT q.scope AS file, q.currency, q.minor FROM ops."open_quarantine" q WHERE q.feed = 'partners.remittances' AND q.scope IS NOT NULL AND q.minor IS NOT NULL
  ) c WHERE c.currency <> '-' GROUP BY c.file, c.currency
),
totals AS (
  SELECT t.* FROM (
    SELECT s.file, COALESCE(s.currency, o.currency) AS currency, CASE WHEN (s.amount IS NULL OR ((CASE COALESCE(s.currency, o.currency) WHEN 'USD' THEN 2 WHEN 'EUR' THEN 2 WHEN 'GBP' THEN 2 WHEN 'JPY' THEN 0 WHEN 'KWD' THEN 3 WHEN 'CHF' THEN 2 WHEN 'SEK' THEN 2 WHEN 'ISK' THEN 0 WHEN 'HUF' THEN 2 END) IS NOT NULL AND regexp_matches(s.amount, '^-?(0|[1-9][0-9]*)([.][0-9]+)?$') AND REPLACE(SUBSTR(SPLIT_PART(s.amount, '.', 2), (CASE COALESCE(s.currency, o.currency) WHEN 'USD' THEN 2 WHEN 'EUR' THEN 2 WHEN 'GBP' THEN 2 WHEN 'JPY' THEN 0 WHEN 'KWD' THEN 3 WHEN 'CHF' THEN 2 WHEN 'SEK' THEN 2 WHEN 'ISK' THEN 0 WHEN 'HUF' THEN 2 END) + 1), '0', '') = '' AND TRY_CAST(SPLIT_PART(s.amount, '.', 1) || RPAD(SUBSTR(SPLIT_PART(s.amount, '.', 2), 1, (CASE COALESCE(s.currency, o.currency) WHEN 'USD' THEN 2 WHEN 'EUR' THEN 2 WHEN 'GBP' THEN 2 WHEN 'JPY' THEN 0 WHEN 'KWD' THEN 3 WHEN 'CHF' THEN 2 WHEN 'SEK' THEN 2 WHEN 'ISK' THEN 0 WHEN 'HUF' THEN 2 END)), (CASE COALESCE(s.currency, o.currency) WHEN 'USD' THEN 2 WHEN 'EUR' THEN 2 WHEN 'GBP' THEN 2 WHEN 'JPY' THEN 0 WHEN 'KWD' THEN 3 WHEN 'CHF' THEN 2 WHEN 'SEK' THEN 2 WHEN 'ISK' THEN 0 WHEN 'HUF' THEN 2 END), '0') AS BIGINT) IS NOT NULL)) THEN TRY_CAST(SPLIT_PART(s.amount, '.', 1) || RPAD(SUBSTR(SPLIT_PART(s.amount, '.', 2), 1, (CASE COALESCE(s.currency, o.currency) WHEN 'USD' THEN 2 WHEN 'EUR' THEN 2 WHEN 'GBP' THEN 2 WHEN 'JPY' THEN 0 WHEN 'KWD' THEN 3 WHEN 'CHF' THEN 2 WHEN 'SEK' THEN 2 WHEN 'ISK' THEN 0 WHEN 'HUF' THEN 2 END)), (CASE COALESCE(s.currency, o.currency) WHEN 'USD' THEN 2 WHEN 'EUR' THEN 2 WHEN 'GBP' THEN 2 WHEN 'JPY' THEN 0 WHEN 'KWD' THEN 3 WHEN 'CHF' THEN 2 WHEN 'SEK' THEN 2 WHEN 'ISK' THEN 0 WHEN 'HUF' THEN 2 END), '0') AS BIGINT) END AS minor, CAST(s.said_day AS DATE) AS on_day
    FROM (
      SELECT l.state_key AS file, json_extract_string(json_extract_string(json_extract_string(l.state_value, '/in_force'), '/said'), '/sum') AS amount, json_extract_string(json_extract_string(json_extract_string(l.state_value, '/in_force'), '/said'), '/currency') AS currency, json_extract_string(json_extract_string(json_extract_string(l.state_value, '/in_force'), '/said'), '/day') AS said_day
      FROM (
SELECT n.state_key, n.state_value FROM (
  SELECT s.state_key, s.state_value, ROW_NUMBER() OVER (PARTITION BY s.state_key ORDER BY s.number DESC) AS nth
  FROM ops."adapter_state" s WHERE s.run_group = 'billing' AND s.feed = 'partners.remittances'
) n WHERE n.nth = 1 AND n.state_value IS NOT NULL
      ) l
    ) s
    LEFT JOIN (SELECT c.file, MIN(c.currency) AS currency FROM came c GROUP BY c.file HAVING COUNT(DISTINCT c.currency) = 1) o ON o.file = s.file
    WHERE s.amount IS NOT NULL
  ) t WHERE t.currency IS NOT NULL AND t.minor IS NOT NULL
)
SELECT t.file, t.file AS id, t.currency, t.minor AS amount_minor, t.on_day FROM totals t
) q;
