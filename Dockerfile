# docker build -t cadastre .
# docker run --rm --network host -v cadastre:/data cadastre
#
# There is no login yet, so the program listens on the loopback address only: the container shares the host's network
# (Linux), and http://127.0.0.1:8000 of the host is the container's. The embedded database lives in the volume /data;
# -e CADASTRE_DATABASE_URL=postgresql://... uses another one, after `docker run ... cadastre cadastre migrate`.
FROM python:3.13-slim

WORKDIR /srv/cadastre
COPY pyproject.toml README.md ./
COPY scripts/constraints.txt scripts/
COPY migrations migrations
COPY app app
RUN PIP_CONSTRAINT=scripts/constraints.txt PIP_BUILD_CONSTRAINT=scripts/constraints.txt pip install --no-cache-dir . \
    && useradd --create-home cadastre \
    && install --directory --owner=cadastre --group=cadastre /data

USER cadastre
ENV CADASTRE_DATA_DIR=/data PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["cadastre", "serve"]
