-- The first migration is empty, so that the order of the others is free: each capability's numbers stand in docs/architecture.md.
select 1;
