#!/bin/sh
# The environment contract of the official image, as far as one server of one assistant needs it:
# POSTGRES_PASSWORD (required), POSTGRES_USER, POSTGRES_DB, POSTGRES_INITDB_ARGS, PGDATA.
set -eu
: "${PGDATA:=/var/lib/postgresql/data}"
: "${POSTGRES_USER:=postgres}"
: "${POSTGRES_DB:=$POSTGRES_USER}"
export PGDATA
case "${1:-postgres}" in postgres | -*) ;; *) exec "$@" ;; esac
[ "${1:-}" != postgres ] || shift

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -z "${POSTGRES_PASSWORD:-}" ]; then
    echo "postgres: POSTGRES_PASSWORD is empty; set it to a password for the superuser" >&2
    exit 1
  fi
  # A platform may run the container under a user of its own choice. initdb refuses one without an entry in the read-only
  # /etc/passwd, so a library pretends that there is one, as in the official image.
  if ! grep -q "^[^:]*:[^:]*:$(id -u):" /etc/passwd; then
    printf 'postgres:x:%s:%s:postgres:/var/lib/postgresql:/sbin/nologin\n' "$(id -u)" "$(id -g)" >/tmp/.passwd
    printf 'postgres:x:%s:\n' "$(id -g)" >/tmp/.group
    export NSS_WRAPPER_PASSWD=/tmp/.passwd NSS_WRAPPER_GROUP=/tmp/.group
    for library in /usr/lib/*/libnss_wrapper.so; do export LD_PRELOAD="$library"; done
  fi
  # Made beside its place and moved when whole: a first start that is killed half way leaves nothing to trip over.
  fresh=$PGDATA.new
  rm -rf "$fresh"
  password=/tmp/.initdb-password
  (umask 077 && printf '%s\n' "$POSTGRES_PASSWORD" >"$password")
  # shellcheck disable=SC2086
  initdb --pgdata="$fresh" --username="$POSTGRES_USER" --pwfile="$password" --auth-local=trust --auth-host=scram-sha-256 \
    --locale=C.UTF-8 --encoding=UTF8 ${POSTGRES_INITDB_ARGS:-} >&2
  rm -f "$password"
  echo "host all all all scram-sha-256" >>"$fresh/pg_hba.conf"
  if [ "$POSTGRES_DB" != postgres ]; then
    echo "CREATE DATABASE \"$POSTGRES_DB\";" | postgres --single -D "$fresh" postgres >/dev/null
  fi
  mv "$fresh" "$PGDATA"
  unset LD_PRELOAD
fi
exec postgres -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql "$@"
