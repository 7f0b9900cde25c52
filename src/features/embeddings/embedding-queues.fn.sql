-- The queues of this feature. A tenant has one job waiting (policy short) and one running (its group), which does all
-- there is: pg-boss' own 'stately' would do both, but keeps the others back by a count that is up to a minute old.
-- Nothing here is ever given up: what is pending lies in the tables, and a job that is gone would leave it there.
select app.define_queue('embed_chunks', '{"policy": "short", "retryLimit": 1000000}');
select app.define_queue('fill_model', '{"policy": "short", "retryLimit": 1000000}');
select app.define_queue('switch_model', '{"policy": "short", "retryLimit": 1000000}');
select app.define_queue('build_vector_index', '{"policy": "short", "retryLimit": 1000000, "expireInSeconds": 43200}');
select app.define_queue('drop_model', '{"policy": "short", "retryLimit": 1000000}');
