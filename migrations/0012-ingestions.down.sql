drop table app.ingestion;
