SELECT CAST(COUNT(*) AS VARCHAR) AS n FROM temp."tied_files" t WHERE t.class IN ('duplicate', 'currency', 'amount', 'missing');
