drop table app.journal_step;
drop table app.journal_event;
drop table app.journal_stream;
