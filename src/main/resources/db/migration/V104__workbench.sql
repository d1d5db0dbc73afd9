-- Where an imported repository came from, without user and password: commits can be pushed there.
alter table git_repo add column remote text;
