SELECT CAST(COUNT(*) AS VARCHAR) AS n FROM "TIED_FILES" t WHERE t.class IN ('duplicate', 'currency', 'amount', 'missing');
