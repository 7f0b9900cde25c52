drop trigger index_version on app.document;
drop function app.raise_index_version();
drop table app.index_version;
