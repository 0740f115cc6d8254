SELECT l.period, l.side, l.currency, l.class, CAST(l.keys AS VARCHAR) AS keys, CAST(l.row_count AS VARCHAR) AS row_count, CAST(l.minor AS VARCHAR) AS minor
FROM (
SELECT SUBSTR(TO_VARCHAR(t.on_day_0, 'YYYY-MM-DD'), 1, 7) AS period, 0 AS nth, 'one' AS side, t.currency_0 AS currency, t.class AS class,
  COUNT(*) AS keys, SUM(CAST(t.row_count_0 AS NUMBER(38, 0))) AS row_count, SUM(CAST(t.minor_0 AS NUMBER(38, 0))) AS minor
FROM "TIED_INVOICES" t WHERE t.row_count_0 IS NOT NULL GROUP BY SUBSTR(TO_VARCHAR(t.on_day_0, 'YYYY-MM-DD'), 1, 7), t.currency_0, t.class
UNION ALL
SELECT SUBSTR(TO_VARCHAR(t.on_day_1, 'YYYY-MM-DD'), 1, 7) AS period, 1 AS nth, 'other' AS side, t.currency_1 AS currency, t.class AS class,
  COUNT(*) AS keys, SUM(CAST(t.row_count_1 AS NUMBER(38, 0))) AS row_count, SUM(CAST(t.minor_1 AS NUMBER(38, 0))) AS minor
FROM "TIED_INVOICES" t WHERE t.row_count_1 IS NOT NULL GROUP BY SUBSTR(TO_VARCHAR(t.on_day_1, 'YYYY-MM-DD'), 1, 7), t.currency_1, t.class
UNION ALL
SELECT SUBSTR(TO_VARCHAR(t.on_day_2, 'YYYY-MM-DD'), 1, 7) AS period, 2 AS nth, 'third' AS side, t.currency_2 AS currency, t.class AS class,
  COUNT(*) AS keys, SUM(CAST(t.row_count_2 AS NUMBER(38, 0))) AS row_count, SUM(CAST(t.minor_2 AS NUMBER(38, 0))) AS minor
FROM "TIED_INVOICES" t WHERE t.row_count_2 IS NOT NULL GROUP BY SUBSTR(TO_VARCHAR(t.on_day_2, 'YYYY-MM-DD'), 1, 7), t.currency_2, t.class
) l ORDER BY l.period, l.currency, l.class, l.nth;
