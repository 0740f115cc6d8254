SELECT 'records' AS question, '=' || CAST(q.file_key AS VARCHAR) AS c0, '=' || CAST(q.record_number AS VARCHAR) AS c1, '=' || CAST(q.begins AS VARCHAR) AS c2, '=' || CAST(q.bytes AS VARCHAR) AS c3, '=' || CAST(q.reasons AS VARCHAR) AS c4, '=' || CAST(q.fault AS VARCHAR) AS c5, '=' || CAST(q.payload AS VARCHAR) AS c6, '=' || CAST(q.cell_0 AS VARCHAR) AS c7, '=' || CAST(q.cell_1 AS VARCHAR) AS c8, '=' || CAST(q.cell_2 AS VARCHAR) AS c9, '=' || CAST(q.cell_3 AS VARCHAR) AS c10, '=' || CAST(q.cell_4 AS VARCHAR) AS c11, '=' || CAST(q.cell_5 AS VARCHAR) AS c12, '=' || CAST(q.cell_6 AS VARCHAR) AS c13 FROM (
SELECT r.file_key, r.record_number, r.begins, r.bytes, r.reasons, r.fault, r.payload, r.cell_0, r.cell_1, r.cell_2, r.cell_3, r.cell_4, r.cell_5, r.cell_6
FROM "REFUSED_CHECK_PAYMENTS" r
WHERE r.file_key = 'file_000000' AND r.page = 0
) q;
