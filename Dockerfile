# docker build -t cadastre .
# docker run --rm --network host -v cadastre:/data cadastre
#
# The program listens on 127.0.0.1 by default, because the passwords of the demo world are public. The container shares
# the network of the host (Linux), so the register is at http://127.0.0.1:8000 of the host. To serve other machines:
# -e CADASTRE_HOST=0.0.0.0 -e CADASTRE_PUBLIC_URL=https://register.example.com, and `cadastre serve --no-demo`.
#
# The embedded database is in the volume /data. -e CADASTRE_DATABASE_URL=postgresql://... uses another one, after
# `docker run ... cadastre cadastre migrate`.
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
