-- A run that dies is noticed within ten seconds, and taken up at once. How often a task is tried is the task's own
-- affair: a job that gave up would leave it standing.
select app.define_queue('run_task', '{"heartbeatSeconds": 10, "retryLimit": 1000000, "retryDelay": 0, "retryBackoff": false, "expireInSeconds": 86400}');
select app.define_queue('wake_task');
