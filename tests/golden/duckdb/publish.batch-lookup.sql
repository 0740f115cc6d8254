SELECT b.batch_id, b.publication_id FROM ops."batch" b WHERE b.batch_id IN ('b_2_billing.customers', 'b_2_billing.subscriptions', 'b_2_billing.invoices', 'b_2_billing.payments');
