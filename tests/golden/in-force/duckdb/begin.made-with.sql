SELECT CAST(h.number AS VARCHAR) AS number, h.fingerprints FROM (
  SELECT p.number, p.fingerprints, LAG(p.fingerprints) OVER (ORDER BY p.number) AS earlier FROM ops."publication" p
  WHERE p.run_group = 'desk'
) h WHERE h.earlier IS NULL OR h.earlier <> h.fingerprints ORDER BY h.number;
