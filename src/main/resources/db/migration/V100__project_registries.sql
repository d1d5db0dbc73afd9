-- Whether a project's sandboxes may reach the package registries.
alter table project add column registries boolean not null default true;
