-- Somebody waits for the answer: a test that cannot be made soon is of no use to anybody.
select app.define_queue('test_webhook', '{"retryLimit": 2}');
