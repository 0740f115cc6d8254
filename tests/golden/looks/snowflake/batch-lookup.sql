SELECT b.batch_id, b.publication_id FROM OPS."BATCH" b WHERE b.batch_id IN ('b_1_app.entries');
