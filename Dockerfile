# The operator's image: the bundle and Node, nothing else. Both base images can be replaced, for a mirror or
# for a Node of one's own: docker build --build-arg BASE_IMAGE=HOST/node:24 -t HOST/regcred:0.1.0 .
# By digest, so that the same commit is built from the same bytes. Newer ones: docs/image.md.
# node:24.21.0-bookworm-slim
ARG BUILD_IMAGE=node@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
# gcr.io/distroless/nodejs24-debian13:nonroot
ARG BASE_IMAGE=gcr.io/distroless/nodejs24-debian13@sha256:9eeb7f5887d0e239e78264b06f7f11d2e14be534050481803a9e4728fcdd278e

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
# Apart from the sources, so that a change of them alone installs nothing anew.
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

FROM ${BASE_IMAGE}
# Again, for what stands before the first FROM is not seen after it.
ARG BASE_IMAGE
# `npm run image` sets them; whoever builds by hand may leave them out.
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
ARG SOURCE=unknown
ARG DOCUMENTATION=unknown
ARG BASE_DIGEST=unknown
LABEL org.opencontainers.image.title="regcred" \
      org.opencontainers.image.description="Gives every namespace its registry login and every ServiceAccount its imagePullSecrets" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.documentation="${DOCUMENTATION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${BASE_IMAGE}" \
      org.opencontainers.image.base.digest="${BASE_DIGEST}"
# Distroless keeps node where no PATH looks.
ENV PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin NODE_ENV=production
# One arena, or each of Node's threads keeps freed memory of its own (docs/adr/0007-memory.md).
ENV MALLOC_ARENA_MAX=1
COPY --from=build /build/dist/operator.js /build/dist/operator.js.map /
# Each is loaded when a RegistryCredential needs it, and not before.
COPY --from=build /build/dist/clouds /clouds
# Ours, and those of all that is bundled.
COPY --from=build /build/LICENSE /build/dist/THIRD-PARTY-LICENSES.txt /licenses/
# By number: Kubernetes cannot tell whether a name is root's.
USER 65532:65532
EXPOSE 8080 8081
# The bundle keeps names and short lines, so a stack trace reads well as it is;
# NODE_OPTIONS=--enable-source-maps leads to the sources too, for 30 MB of memory.
# Garbage is collected sooner, and one compiler of V8 is left out: both save memory (docs/adr/0007-memory.md).
ENTRYPOINT ["node", "--optimize-for-size", "--no-maglev", "/operator.js"]
