SELECT CAST(p.number AS VARCHAR) AS number, p.extent FROM OPS."PROOF" p
WHERE p.leg = 'R4' AND p.subject = 'customer' AND p.compares = 'replaced rows, with what they were' AND p.result <> 'not_proven';
