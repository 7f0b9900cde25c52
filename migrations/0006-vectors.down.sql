drop table app.vector_1;
drop table app.embedding_model;
