-- The queues of this feature. One maintainer at a time is enough; what a tenant waits for is started first.
select app.define_queue('provision_tenant');
select app.define_queue('erase_tenant', '{"expireInSeconds": 43200}');
