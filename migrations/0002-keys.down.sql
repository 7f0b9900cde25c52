drop table app.token_revocation;
drop table app.signing_key;
