SELECT l.period, l.side, l.currency, l.class, CAST(l.keys AS VARCHAR) AS keys, CAST(l.row_count AS VARCHAR) AS row_count, CAST(l.minor AS VARCHAR) AS minor
FROM (
SELECT SUBSTR(TO_VARCHAR(r.on_day, 'YYYY-MM-DD'), 1, 7) AS period, 0 AS nth, 'said' AS side, r.currency, t.class,
  COUNT(CASE WHEN t.first_side = 0 AND t.row_id_0 = r.row_id THEN 1 END) AS keys, COUNT(*) AS row_count, SUM(CAST(r.minor AS NUMBER(38, 0))) AS minor
FROM "TIE_FILES__0" r JOIN "TIED_FILES" t ON t.key_0 = r.key_0 GROUP BY SUBSTR(TO_VARCHAR(r.on_day, 'YYYY-MM-DD'), 1, 7), r.currency, t.class
UNION ALL
SELECT SUBSTR(TO_VARCHAR(r.on_day, 'YYYY-MM-DD'), 1, 7) AS period, 1 AS nth, 'rows' AS side, r.currency, t.class,
  COUNT(CASE WHEN t.first_side = 1 AND t.row_id_1 = r.row_id THEN 1 END) AS keys, COUNT(*) AS row_count, SUM(CAST(r.minor AS NUMBER(38, 0))) AS minor
FROM "TIE_FILES__1" r JOIN "TIED_FILES" t ON t.key_0 = r.key_0 GROUP BY SUBSTR(TO_VARCHAR(r.on_day, 'YYYY-MM-DD'), 1, 7), r.currency, t.class
) l ORDER BY l.period, l.currency, l.class, l.nth;
