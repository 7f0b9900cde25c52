drop table app.blob_part;
drop table app.blob;
