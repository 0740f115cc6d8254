INSERT INTO ops."fence__salesforce" SELECT 0 AS token, '' AS run_id WHERE NOT EXISTS (SELECT 1 FROM ops."fence__salesforce" f);
