SELECT b.batch_id, b.publication_id FROM ops."batch" b WHERE b.batch_id IN ('b_1_app.entries');
