# docker build -t cadastre .
# docker run --init -p 8000:8000 -v cadastre:/data -e CADASTRE_PUBLIC_URL=http://localhost:8000 --name cadastre cadastre
# docker exec -it cadastre cadastre admin create-super root
#
# The container listens on all its addresses. Requests need a token, and there is no account until the last line makes
# one. The embedded database and the signing keys are in the volume /data; -e CADASTRE_DATABASE_URL=postgresql://... uses
# another database (compose.yaml). docs/operating.md says the rest.
FROM node:24-slim AS explorer

WORKDIR /build/app/explorer/web
COPY schema.graphql /build/
COPY app/explorer/web ./
RUN npm ci --omit=dev && npm run build

FROM python:3.13-slim AS build

WORKDIR /build
COPY pyproject.toml README.md ./
COPY scripts/constraints.txt scripts/
COPY migrations migrations
COPY app app
COPY --from=explorer /build/app/explorer/build app/explorer/build
RUN python -m venv --without-pip /opt/cadastre \
    && PIP_CONSTRAINT=scripts/constraints.txt PIP_BUILD_CONSTRAINT=scripts/constraints.txt \
       python -m pip --python /opt/cadastre/bin/python install --no-cache-dir .

FROM python:3.13-slim

RUN useradd --uid 10001 --create-home cadastre \
    && install --directory --owner=cadastre --group=cadastre --mode=700 /data
COPY --from=build /opt/cadastre /opt/cadastre

USER cadastre
WORKDIR /data
ENV PATH=/opt/cadastre/bin:$PATH PYTHONUNBUFFERED=1 \
    CADASTRE_DATA_DIR=/data CADASTRE_HOST=0.0.0.0 CADASTRE_PORT=8000
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"CADASTRE_PORT\"]}/healthz', timeout=2)"]
CMD ["cadastre", "serve", "--no-demo"]
