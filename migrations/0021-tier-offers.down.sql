alter table app.tier drop column price_nano, drop column is_self_service;
