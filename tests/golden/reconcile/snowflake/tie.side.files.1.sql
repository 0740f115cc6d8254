CREATE OR REPLACE TEMPORARY TABLE "TIE_FILES__1" AS
SELECT CAST(q."FILE" AS VARCHAR) AS key_0, CAST(q."ID" AS VARCHAR) AS row_id, NULLIF(TRIM(CAST(q."CURRENCY" AS VARCHAR)), '') AS currency, CASE WHEN REGEXP_INSTR(CAST(q."AMOUNT_MINOR" AS VARCHAR), '^-?[0-9]{1,37}([.]0+)?$') > 0 THEN CAST(q."AMOUNT_MINOR" AS NUMBER(38, 0)) END AS minor, 0 AS fee, CASE WHEN CAST(q."ON_DAY" AS DATE) BETWEEN CAST('1000-01-01' AS DATE) AND CAST('9999-12-31' AS DATE) THEN CAST(q."ON_DAY" AS DATE) END AS on_day FROM (
WITH came AS (
  SELECT c.file, c.currency, SUM(CAST(c.minor AS NUMBER(38, 0))) AS minor FROM (
    SELECT r._scope AS file, r._currency AS currency, r._minor AS minor
    FROM STAGING."PARTNERS_REMITTANCES__ROWS" r
    LEFT JOIN (SELECT q.scope, q.source_key, MAX(q.seq) AS seq FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'partners.remittances' GROUP BY q.scope, q.source_key) w
      ON w.scope = r._scope AND w.source_key = CAST(r."REMITTANCE_ID" AS VARCHAR)
    WHERE r._deleted_at IS NULL AND r._minor IS NOT NULL AND (w.seq IS NULL OR w.seq <= r._seq)
    UNION ALL
    SELECT q.scope AS file, q.currency, q.minor FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'partners.remittances' AND q.scope IS NOT NULL AND q.minor IS NOT NULL
  ) c WHERE c.currency <> '-' GROUP BY c.file, c.currency
),
totals AS (
  SELECT t.* FROM (
    SELECT s.file, COALESCE(s.currency, o.currency) AS currency, CASE WHEN (s.amount IS NULL OR ((CASE COALESCE(s.currency, o.currency) WHEN 'USD' THEN 2 WHEN 'EUR' THEN 2 WHEN 'GBP' THEN 2 WHEN 'JPY' THEN 0 WHEN 'KWD' THEN 3 WHEN 'CHF' THEN 2 WHEN 'SEK' THEN 2 WHEN 'ISK' THEN 0 WHEN 'HUF' THEN 2 END) IS NOT NULL AND REGEXP_INSTR(s.amount, '^-?(0|[1-9][0-9]*)([.][0-9]+)?$') > 0 AND REPLACE(SUBSTR(SPLIT_PART(s.amount, '.', 2), (CASE COALESCE(s.currency, o.currency) WHEN 'USD' THEN 2 WHEN 'EUR' THEN 2 WHEN 'GBP' THEN 2 WHEN 'JPY' THEN 0 WHEN 'KWD' THEN 3 WHEN 'CHF' THEN 2 WHEN 'SEK' THEN 2 WHEN 'ISK' THEN 0 WHEN 'HUF' THEN 2 END) + 1), '0', '') = '' AND TRY_CAST(SPLIT_PART(s.amount, '.', 1) || RPAD(SUBSTR(SPLIT_PART(s.amount, '.', 2), 1, (CASE COALESCE(s.currency, o.currency) WHEN 'USD' THEN 2 WHEN 'EUR' THEN 2 WHEN 'GBP' THEN 2 WHEN 'JPY' THEN 0 WHEN 'KWD' THEN 3 WHEN 'CHF' THEN 2 WHEN 'SEK' THEN 2 WHEN 'ISK' THEN 0 WHEN 'HUF' THEN 2 END)), (CASE COALESCE(s.currency, o.currency) WHEN 'USD' THEN 2 WHEN 'EUR' THEN 2 WHEN 'GBP' THEN 2 WHEN 'JPY' THEN 0 WHEN 'KWD' THEN 3 WHEN 'CHF' THEN 2 WHEN 'SEK' THEN 2 WHEN 'ISK' THEN 0 WHEN 'HUF' THEN 2 END), '0') AS NUMBER(19, 0)) IS NOT NULL)) THEN TRY_CAST(SPLIT_PART(s.amount, '.', 1) || RPAD(SUBSTR(SPLIT_PART(s.amount, '.', 2), 1, (CASE COALESCE(s.currency, o.currency) WHEN 'USD' THEN 2 WHEN 'EUR' THEN 2 WHEN 'GBP' THEN 2 WHEN 'JPY' THEN 0 WHEN 'KWD' THEN 3 WHEN 'CHF' THEN 2 WHEN 'SEK' THEN 2 WHEN 'ISK' THEN 0 WHEN 'HUF' THEN 2 END)), (CASE COALESCE(s.currency, o.currency) WHEN 'USD' THEN 2 WHEN 'EUR' THEN 2 WHEN 'GBP' THEN 2 WHEN 'JPY' THEN 0 WHEN 'KWD' THEN 3 WHEN 'CHF' THEN 2 WHEN 'SEK' THEN 2 WHEN 'ISK' THEN 0 WHEN 'HUF' THEN 2 END), '0') AS NUMBER(19, 0)) END AS minor, CAST(s.said_day AS DATE) AS on_day
    FROM (
      SELECT l.state_key AS file, CAST(PARSE_JSON(CAST(PARSE_JSON(CAST(PARSE_JSON(l.state_value)['in_force'] AS VARCHAR))['said'] AS VARCHAR))['sum'] AS VARCHAR) AS amount, CAST(PARSE_JSON(CAST(PARSE_JSON(CAST(PARSE_JSON(l.state_value)['in_force'] AS VARCHAR))['said'] AS VARCHAR))['currency'] AS VARCHAR) AS currency, CAST(PARSE_JSON(CAST(PARSE_JSON(CAST(PARSE_JSON(l.state_value)['in_force'] AS VARCHAR))['said'] AS VARCHAR))['day'] AS VARCHAR) AS said_day
      FROM (
SELECT n.state_key, n.state_value FROM (
  SELECT s.state_key, s.state_value, ROW_NUMBER() OVER (PARTITION BY s.state_key ORDER BY s.number DESC) AS nth
  FROM OPS."ADAPTER_STATE" s WHERE s.run_group = 'billing' AND s.feed = 'partners.remittances'
) n WHERE n.nth = 1 AND n.state_value IS NOT NULL
      ) l
    ) s
    LEFT JOIN (SELECT c.file, MIN(c.currency) AS currency FROM came c GROUP BY c.file HAVING COUNT(DISTINCT c.currency) = 1) o ON o.file = s.file
    WHERE s.amount IS NOT NULL
  ) t WHERE t.currency IS NOT NULL AND t.minor IS NOT NULL
)
SELECT c.file, c.file || ' ' || c.currency AS id, c.currency, c.minor AS amount_minor, t.on_day FROM came c JOIN totals t ON t.file = c.file
) q;
