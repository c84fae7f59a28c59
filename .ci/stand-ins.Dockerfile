# Stand-ins for the images that a laptop pulls, made of what is on this machine: .ci/node-tests fills the context with
# the Node of the npm package `node`, with npm and with npm's cache. kind-rootfs is the Debian of the kind-lab.
ARG ROOTFS=localhost/kind-rootfs:bookworm

# For node:24-slim, with every package that `npm ci` is going to ask for.
FROM ${ROOTFS} AS build
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
COPY cache /npm/_cacache
ENV npm_config_cache=/npm npm_config_offline=true npm_config_update_notifier=false

# For distroless: node, the libraries that it is linked with, and nothing else.
FROM ${ROOTFS} AS libraries
COPY node /out/nodejs/bin/node
RUN ldd /out/nodejs/bin/node | grep -o '/[^ ]*' | while read -r library; do \
      mkdir -p "/out$(dirname "$library")"; cp -L "$library" "/out$library"; done
FROM scratch AS base
COPY --from=libraries /out/ /

# For registry:3, which is started with the same words.
FROM ${ROOTFS} AS registry
ENTRYPOINT ["docker-registry"]
