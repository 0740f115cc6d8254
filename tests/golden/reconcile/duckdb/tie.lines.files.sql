SELECT l.period, l.side, l.currency, l.class, CAST(l.keys AS VARCHAR) AS keys, CAST(l.row_count AS VARCHAR) AS row_count, CAST(l.minor AS VARCHAR) AS minor
FROM (
SELECT SUBSTR(CAST(r.on_day AS VARCHAR), 1, 7) AS period, 0 AS nth, 'said' AS side, r.currency, t.class,
  count(*) FILTER (WHERE t.first_side = 0 AND t.row_id_0 = r.row_id) AS keys, COUNT(*) AS row_count, SUM(CAST(r.minor AS HUGEINT)) AS minor
FROM temp."tie_files__0" r JOIN temp."tied_files" t ON t.key_0 = r.key_0 GROUP BY SUBSTR(CAST(r.on_day AS VARCHAR), 1, 7), r.currency, t.class
UNION ALL
SELECT SUBSTR(CAST(r.on_day AS VARCHAR), 1, 7) AS period, 1 AS nth, 'rows' AS side, r.currency, t.class,
  count(*) FILTER (WHERE t.first_side = 1 AND t.row_id_1 = r.row_id) AS keys, COUNT(*) AS row_count, SUM(CAST(r.minor AS HUGEINT)) AS minor
FROM temp."tie_files__1" r JOIN temp."tied_files" t ON t.key_0 = r.key_0 GROUP BY SUBSTR(CAST(r.on_day AS VARCHAR), 1, 7), r.currency, t.class
) l ORDER BY l.period, l.currency, l.class, l.nth;
