drop function if exists app.query_terms(uuid, text);
drop table app.corpus_stat;
drop table app.term_stat;
drop table app.posting;
drop function app.words(text);
