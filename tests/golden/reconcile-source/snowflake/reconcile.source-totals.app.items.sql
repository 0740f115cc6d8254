SELECT t._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count, CAST(SUM(CAST(t._minor AS NUMBER(38, 0))) AS VARCHAR) AS minor FROM "SOURCE_SIDE_APP_ITEMS" t GROUP BY t._currency;
