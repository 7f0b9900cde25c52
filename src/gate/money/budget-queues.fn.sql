-- One job waits for a tenant (policy short): it stands for every change of a moment.
select app.define_queue('budget_raised', '{"policy": "short"}');
