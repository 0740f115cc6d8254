SELECT t._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count, CAST(SUM(CAST(t._minor AS HUGEINT)) AS VARCHAR) AS minor FROM temp."further_side_app_items" t GROUP BY t._currency;
