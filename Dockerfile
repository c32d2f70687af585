# The machine's Node is new enough here: the pinned one of package.json is left out.
FROM node:24.21.0-slim AS install
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY bin bin
RUN npm ci --omit=dev --omit=optional && sh bin/run

FROM node:24.21.0-slim
ENV NODE_ENV=production \
    TRIBUTARY_HOST=0.0.0.0 \
    TRIBUTARY_DATA=/data \
    NODE_COMPILE_CACHE=/data/compile-cache
WORKDIR /app
COPY --from=install /app ./
COPY LICENSE NOTICE ./
COPY src src
COPY vendor vendor
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --start-period=20s --start-interval=2s CMD ["sh", "/app/bin/tributary", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["sh", "/app/bin/tributary"]
CMD ["serve"]
