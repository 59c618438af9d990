# All images of TaskAssistant, one target each: operator frontend api mcp backup model-demo.
#   docker build --target api -t ghcr.io/taskassistant/api:0.1.0 .
# Without a registry, `make images` builds the base images itself and passes them as build arguments.
ARG BUILD_IMAGE=docker.io/library/node:24-trixie-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot
# pg_dump and its like, of the Debian release of RUNTIME_IMAGE.
ARG CLIENTS_17_IMAGE=docker.io/library/postgres:17-trixie
ARG CLIENTS_18_IMAGE=docker.io/library/postgres:18-trixie

FROM ${BUILD_IMAGE} AS packages
# A certificate authority of the build machine, for the build stages only.
ARG NODE_EXTRA_CA_CERTS=
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY packages/contracts/package.json packages/contracts/
COPY packages/dates/package.json packages/dates/
COPY packages/db/package.json packages/db/
COPY packages/kit/package.json packages/kit/
COPY packages/tasks/package.json packages/tasks/
COPY services/api/package.json services/api/
COPY services/backup/package.json services/backup/
COPY services/frontend/package.json services/frontend/
COPY services/mcp/package.json services/mcp/
COPY services/migrate/package.json services/migrate/
COPY services/model-demo/package.json services/model-demo/
COPY operator/package.json operator/
COPY cluster/package.json cluster/
COPY test/package.json test/
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM packages AS shared
COPY tsconfig.base.json ./
COPY scripts/images/bundle.ts scripts/images/
COPY packages packages

FROM shared AS build-api
COPY services/api services/api
RUN node scripts/images/bundle.ts services/api/src/main.ts /out/main.mjs

FROM shared AS build-mcp
COPY services/mcp services/mcp
COPY services/migrate services/migrate
RUN node scripts/images/bundle.ts services/mcp/src/main.ts /out/main.mjs && \
    node scripts/images/bundle.ts services/migrate/src/main.ts /out/migrate.mjs && \
    node scripts/images/bundle.ts services/migrate/src/maintain.ts /out/maintain.mjs

FROM shared AS build-backup
COPY services/backup services/backup
RUN node scripts/images/bundle.ts services/backup/src/main.ts /out/main.mjs

FROM ${CLIENTS_17_IMAGE} AS clients-17
FROM ${CLIENTS_18_IMAGE} AS clients-18
# The libraries that the programs load, without links and without those that the runtime image has.
RUN mkdir -p /clients/lib && for name in libpq.so.5 libssl.so.3 libcrypto.so.3 libldap.so.2 liblber.so.2 libsasl2.so.2 \
      libgssapi_krb5.so.2 libkrb5.so.3 libk5crypto.so.3 libkrb5support.so.0 libcom_err.so.2 libkeyutils.so.1 liblz4.so.1 \
      libzstd.so.1 libxxhash.so.0 libz.so.1 libreadline.so.8 libtinfo.so.6; do cp -L /usr/lib/*-linux-gnu/$name /clients/lib/$name; done

FROM shared AS build-model-demo
COPY services/model-demo services/model-demo
RUN node scripts/images/bundle.ts services/model-demo/src/main.ts /out/main.mjs

FROM shared AS build-operator
COPY operator operator
RUN node scripts/images/bundle.ts operator/src/main.ts /out/main.mjs

FROM shared AS build-frontend
COPY services/frontend services/frontend
ENV NEXT_TELEMETRY_DISABLED=1
RUN cd services/frontend && npm run build && cd ../.. && \
    node scripts/images/bundle.ts services/frontend/server/people/command/main.ts /out/people.mjs

FROM ${RUNTIME_IMAGE} AS api
# The schemas it works with: from min, up to max, which is what its migration makes; that serves releases with a max from
# compatible-from on. The test in scripts/release compares them with packages/db.
LABEL dev.taskassistant.schema.min=12 dev.taskassistant.schema.max=12 dev.taskassistant.schema.compatible-from=5
WORKDIR /app
COPY --from=build-api /out ./
ENV NODE_ENV=production
USER 65532:65532
EXPOSE 8000 9090
CMD ["main.mjs"]

FROM ${RUNTIME_IMAGE} AS mcp
LABEL dev.taskassistant.schema.min=12 dev.taskassistant.schema.max=12 dev.taskassistant.schema.compatible-from=5
WORKDIR /app
COPY --from=build-mcp /out ./
ENV NODE_ENV=production
USER 65532:65532
EXPOSE 8001 9090
CMD ["main.mjs"]

FROM ${RUNTIME_IMAGE} AS backup
COPY --from=clients-17 /usr/lib/postgresql/17/bin/pg_dump /usr/lib/postgresql/17/bin/pg_restore /usr/lib/postgresql/17/bin/psql /usr/lib/postgresql/17/bin/
COPY --from=clients-18 /usr/lib/postgresql/18/bin/pg_dump /usr/lib/postgresql/18/bin/pg_restore /usr/lib/postgresql/18/bin/psql /usr/lib/postgresql/18/bin/
COPY --from=clients-18 /clients/lib /usr/lib/postgresql/lib
WORKDIR /app
COPY --from=build-backup /out ./
# Fails the build when a program lacks a library.
RUN ["/nodejs/bin/node", "-e", "for (const major of [17, 18]) for (const name of ['pg_dump', 'pg_restore', 'psql']) require('node:child_process').execFileSync(`/usr/lib/postgresql/${major}/bin/${name}`, ['--version'], { env: { LD_LIBRARY_PATH: '/usr/lib/postgresql/lib' }, stdio: 'inherit' })"]
ENV NODE_ENV=production
USER 65532:65532
EXPOSE 8003
# The arguments of the Job name the command. A small young generation keeps the peak of memory low.
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=1", "main.mjs"]

FROM ${RUNTIME_IMAGE} AS model-demo
WORKDIR /app
COPY --from=build-model-demo /out ./
ENV NODE_ENV=production
USER 65532:65532
EXPOSE 8002
CMD ["main.mjs"]

FROM ${RUNTIME_IMAGE} AS operator
WORKDIR /app
COPY --from=build-operator /out ./
ENV NODE_ENV=production
USER 65532:65532
EXPOSE 8080
CMD ["main.mjs"]

FROM ${RUNTIME_IMAGE} AS frontend
LABEL dev.taskassistant.schema.min=12 dev.taskassistant.schema.max=12 dev.taskassistant.schema.compatible-from=5
WORKDIR /app
COPY --from=build-frontend /src/services/frontend/.next/standalone ./
COPY --from=build-frontend /out/people.mjs ./services/frontend/
WORKDIR /app/services/frontend
ENV NODE_ENV=production HOSTNAME=:: NEXT_TELEMETRY_DISABLED=1
USER 65532:65532
EXPOSE 3000 3001 9090
CMD ["server.js"]
