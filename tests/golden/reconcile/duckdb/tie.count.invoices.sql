SELECT CAST(COUNT(*) AS VARCHAR) AS n FROM temp."tied_invoices" t WHERE t.class IN ('duplicate', 'currency', 'amount', 'missing');
