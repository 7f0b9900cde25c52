-- The queues of this feature. A file of hundreds of megabytes may take hours to go in. Retries have no end here: an
-- ingestion counts its runs itself and ends by its own word, so that none is left hanging by a queue that gave up.
select app.define_queue('clear_version', '{"expireInSeconds": 21600, "retryLimit": 1000000}');
select app.define_queue('ingest_file', '{"expireInSeconds": 43200, "retryLimit": 1000000}');
