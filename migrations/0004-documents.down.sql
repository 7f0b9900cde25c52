drop table app.chunk;
drop table app.document_version;
drop table app.document;
