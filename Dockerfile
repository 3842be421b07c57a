# Two stages: the first builds a virtual environment by the hashes of the lock, the second holds nothing but it.
FROM docker.io/library/python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_CACHE_DIR=/var/cache/pip
RUN python -m venv /opt/desk
WORKDIR /src
COPY requirements-run.lock pyproject.toml README.md LICENSE ./
RUN --mount=type=cache,target=/var/cache/pip \
    /opt/desk/bin/pip install --quiet --require-hashes -r requirements-run.lock
COPY triage triage
COPY classifiers classifiers
COPY models models
COPY data data
COPY reply_templates reply_templates
RUN /opt/desk/bin/pip install --quiet --no-deps --no-build-isolation . \
    && /opt/desk/bin/pip uninstall --quiet --yes hatchling editables pathspec pluggy trove-classifiers pip

FROM docker.io/library/python:3.11-slim-bookworm
RUN groupadd --gid 10001 desk \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/supplier-mail-desk --shell /usr/sbin/nologin desk \
    && install -d -o desk -g desk -m 0750 /var/lib/supplier-mail-desk
COPY --from=build /opt/desk /opt/desk
ENV PATH=/opt/desk/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    LANG=C.UTF-8 \
    TRIAGE_HOME=/var/lib/supplier-mail-desk \
    TRIAGE_WEB_HOST=0.0.0.0
USER 10001:10001
WORKDIR /var/lib/supplier-mail-desk
RUN triage train --promote >/dev/null && rm -f triage.db*
VOLUME /var/lib/supplier-mail-desk
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4).close()"]
ENTRYPOINT ["triage"]
CMD ["serve"]
