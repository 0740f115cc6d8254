UPDATE ops."quarantine_row" SET row_id = batch_id || '/content-' || to_hex(row_hash) || '#1:' || CAST(number AS VARCHAR) WHERE row_id IS NULL;
