-- The queues of this feature. A file of hundreds of megabytes may take hours to go in.
select app.define_queue('clear_version', '{"expireInSeconds": 21600}');
select app.define_queue('ingest_file', '{"expireInSeconds": 43200}');
