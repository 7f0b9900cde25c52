-- The queues of this feature. Erasing a large tenant may take hours; making one never does.
select app.define_queue('provision_tenant');
select app.define_queue('erase_tenant', '{"expireInSeconds": 43200}');
