SELECT p.proof_id, p.leg, p.subject, p.compares, p.tier, p.extent, p.result, CAST(p.number AS VARCHAR) AS number, CAST(p.row_count AS VARCHAR) AS row_count, CAST(p.differing AS VARCHAR) AS differing, p.detail,
  CAST(p.proved_at AS VARCHAR) || '+00' AS proved_at
FROM ops."proof" p WHERE p.proof_id = 'reconcile_1/item/1/1';
