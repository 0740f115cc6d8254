SELECT CAST(MAX((CAST(hash(c."memo") AS UHUGEINT) * 18446744073709551616 + CAST(hash(c."memo", 'ledgerloop') AS UHUGEINT))) AS VARCHAR) AS made FROM curated."entry__rows" c WHERE c._publication = 2;
