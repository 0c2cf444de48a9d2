"""The only place that defines tables: the database, the models, the migrations."""
