# The image of koe's processes; the enrich worker unless another command is given.
# Debian, not Alpine: onnxruntime and sharp are compiled against glibc.
FROM node:24.18.0-bookworm-slim AS base
WORKDIR /opt/koe

FROM base AS build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY workers workers
RUN npm run build

FROM base AS dependencies
COPY package.json package-lock.json .npmrc ./
# Scripts stay off: koe's own `prepare` needs the compiler, which is left out, and no dependency needs its own.
# The runtimes for Windows and macOS in onnxruntime-node are 60 MB.
RUN npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/onnxruntime-node/bin/napi-v3/darwin node_modules/onnxruntime-node/bin/napi-v3/win32

FROM base
ENV NODE_ENV=production KOE_HTTP_HOST=0.0.0.0
COPY package.json LICENSE NOTICE.md ./
COPY --from=dependencies /opt/koe/node_modules node_modules
COPY models models
COPY --from=build /opt/koe/dist dist
# The user `node`, by number so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 9464
# Restarting is the supervisor's part; /healthz says when only that helps. The start loads the model and waits for Kafka.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.KOE_HTTP_PORT || 9464) + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/workers/enrich.js"]
