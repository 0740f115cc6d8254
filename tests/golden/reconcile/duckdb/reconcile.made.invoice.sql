SELECT CAST(COUNT(*) AS VARCHAR) AS made FROM temp."made_invoice" m;
