insert into "app"."task" ("user_id", "id", "title", "notes", "due") values ($1, $2, $3, $4, $5) returning "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at";

select "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at" from "app"."task" where "user_id" = $1 and "id" = $2 and "deleted_at" is null;

with "matching" as materialized (select "id", "due_order", "created_at" from "app"."task" where "user_id" = $1 and "deleted_at" is null and "completed_at" is null), "page" as (select "id" from "matching" order by "due_order", "created_at", "id" limit $2), "measured" as (select "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at", "due_order", coalesce(sum(octet_length(title) + coalesce(octet_length(notes), 0)) over (
  order by due_order, created_at, id rows between unbounded preceding and 1 preceding), 0) as "bytes_before" from "app"."task" where "user_id" = $3 and "id" in (select "id" from "page")) select "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at", "due_order", (select count(*)::int from matching) as "total", (select count(*)::int from page) as "found" from "measured" where "bytes_before" < $4 order by "due_order", "created_at", "id";

with "matching" as materialized (select "id", "due_order", "created_at" from "app"."task" where "user_id" = $1 and "deleted_at" is null and "completed_at" is null), "page" as (select "id" from "matching" where (due_order, created_at, id) > ($2::date, $3::timestamptz, $4) order by "due_order", "created_at", "id" limit $5), "measured" as (select "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at", "due_order", coalesce(sum(octet_length(title) + coalesce(octet_length(notes), 0)) over (
  order by due_order, created_at, id rows between unbounded preceding and 1 preceding), 0) as "bytes_before" from "app"."task" where "user_id" = $6 and "id" in (select "id" from "page")) select "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at", "due_order", (select count(*)::int from matching) as "total", (select count(*)::int from page) as "found" from "measured" where "bytes_before" < $7 order by "due_order", "created_at", "id";

with "matching" as materialized (select "id", "due_order", "created_at" from "app"."task" where "user_id" = $1 and "deleted_at" is null and ("completed_at" is not null and "due" >= $2 and "due" <= $3 and ("title" ~* $4 or "notes" ~* $5))), "page" as (select "id" from "matching" order by "due_order", "created_at", "id" limit $6), "measured" as (select "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at", "due_order", coalesce(sum(octet_length(title) + coalesce(octet_length(notes), 0)) over (
  order by due_order, created_at, id rows between unbounded preceding and 1 preceding), 0) as "bytes_before" from "app"."task" where "user_id" = $7 and "id" in (select "id" from "page")) select "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at", "due_order", (select count(*)::int from matching) as "total", (select count(*)::int from page) as "found" from "measured" where "bytes_before" < $8 order by "due_order", "created_at", "id";

with "matching" as materialized (select "id", "due_order", "created_at" from "app"."task" where "user_id" = $1 and "deleted_at" is null and ("completed_at" is not null and "completed_at" >= $2)), "page" as (select "id" from "matching" order by "due_order", "created_at", "id" limit $3), "measured" as (select "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at", "due_order", coalesce(sum(octet_length(title) + coalesce(octet_length(notes), 0)) over (
  order by due_order, created_at, id rows between unbounded preceding and 1 preceding), 0) as "bytes_before" from "app"."task" where "user_id" = $4 and "id" in (select "id" from "page")) select "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at", "due_order", (select count(*)::int from matching) as "total", (select count(*)::int from page) as "found" from "measured" where "bytes_before" < $5 order by "due_order", "created_at", "id";

with "matching" as materialized (select "id", "due_order", "created_at" from "app"."task" where "user_id" = $1 and "deleted_at" is null and 1 = 1), "page" as (select "id" from "matching" order by "due_order", "created_at", "id" limit $2), "measured" as (select "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at", "due_order", coalesce(sum(octet_length(title) + coalesce(octet_length(notes), 0)) over (
  order by due_order, created_at, id rows between unbounded preceding and 1 preceding), 0) as "bytes_before" from "app"."task" where "user_id" = $3 and "id" in (select "id" from "page")) select "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at", "due_order", (select count(*)::int from matching) as "total", (select count(*)::int from page) as "found" from "measured" where "bytes_before" < $4 order by "due_order", "created_at", "id";

update "app"."task" set "title" = $1, "notes" = $2, "due" = $3, "version" = version + 1, "updated_at" = now(), "completed_at" = coalesce(completed_at, now()) where "user_id" = $4 and "id" = $5 and "deleted_at" is null and "version" = $6::bigint returning "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at";

update "app"."task" set "version" = version + 1, "updated_at" = now(), "completed_at" = $1 where "user_id" = $2 and "id" = $3 and "deleted_at" is null returning "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at";

update "app"."task" set "due" = $1, "version" = version + 1, "updated_at" = now() where "user_id" = $2 and "id" = $3 and "deleted_at" is null returning "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at";

update "app"."task" set "title" = $1, "version" = version + 1, "updated_at" = now() where "user_id" = $2 and "id" = $3 and "deleted_at" is null and "version" = $4::bigint returning "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at";

update "app"."task" set "completed_at" = now(), "version" = version + 1, "updated_at" = now() where "user_id" = $1 and "id" = any($2::text[]) and "deleted_at" is null and "completed_at" is null;

select "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at" from "app"."task" where "user_id" = $1 and "id" = any($2::text[]) and "deleted_at" is null;

update "app"."task" set "deleted_at" = now(), "version" = version + 1, "updated_at" = now() where "user_id" = $1 and "id" = any($2::text[]) and "deleted_at" is null returning "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at";

select count(*)::int as "total" from "app"."task" where "user_id" = $1 and "deleted_at" is not null;

select "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at", "deleted_at" from "app"."task" where "user_id" = $1 and "deleted_at" is not null order by "deleted_at" desc, "id" desc limit $2;

select "id", "title", "notes", "due", "version", "created_at", "updated_at", "completed_at", "deleted_at" from "app"."task" where "user_id" = $1 and "deleted_at" is not null and (deleted_at, id) < ($2::timestamptz, $3) order by "deleted_at" desc, "id" desc limit $4;

update "app"."task" set "deleted_at" = $1, "version" = version + 1, "updated_at" = now() where "user_id" = $2 and "id" = any($3::text[]) and "deleted_at" is not null;

delete from "app"."task" where "user_id" = $1 and "id" = $2 and "deleted_at" is not null;

delete from "app"."task" where "user_id" = $1 and "deleted_at" <= now() - make_interval(mins => $2);

select count(*)::int as "left" from "app"."task" where "user_id" = $1 and "deleted_at" is not null;
