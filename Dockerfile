# Article QA with its models: see docs/container.md.
#
# The base needs Python 3.11, for which requirements/torch-cpu.lock has PyTorch's CPU build.
ARG BASE=docker.io/library/python:3.11-slim-bookworm

# Packages: a layer that changes with the locks only.
FROM ${BASE} AS packages
# PyTorch's CPU build is for x86-64; on other processors TORCH=torch takes that of PyPI.
ARG TORCH=torch-cpu
ARG PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
COPY requirements /requirements
# A folder `wheels` beside this file is used in place of the network, and a secret `pip` is pip's
# configuration. What pip gets must have a hash that is in the locks. Modules are compiled here: the
# root of the container is read-only.
RUN --mount=type=bind,target=/context --mount=type=secret,id=pip,target=/etc/pip.conf \
    python3 -m venv /opt/article-qa \
    && if [ -d /context/wheels ]; then export PIP_NO_INDEX=1 PIP_FIND_LINKS=/context/wheels; fi \
    && /opt/article-qa/bin/pip install --no-deps --require-hashes -r /requirements/${TORCH}.lock \
    && /opt/article-qa/bin/pip install --no-deps --require-hashes -r /requirements/serve.lock

FROM packages AS program
COPY LICENSE README.md pyproject.toml /source/
COPY api /source/api
COPY corpus /source/corpus
COPY index /source/index
COPY scripts /source/scripts
RUN /opt/article-qa/bin/pip install --no-deps --no-index --no-build-isolation \
    --root /installed /source

FROM ${BASE}
COPY --from=packages /opt/article-qa /opt/article-qa
COPY --from=program /installed /
# An empty volume takes its owner from the folder in the image.
RUN /opt/article-qa/bin/python -m pip check \
    && mkdir -p /data/var \
    && chown 10001:10001 /data/var
ENV PATH=/opt/article-qa/bin:$PATH \
    HOME=/tmp \
    HF_HUB_OFFLINE=1 \
    QA_HOST=0.0.0.0
WORKDIR /data
VOLUME /data/var
# A number, so that orchestrators can see that it is not root.
USER 10001:10001
EXPOSE 8000
# Healthy is what answers questions. The first build of a large index comes before that.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10m --retries=3 \
    CMD ["python3", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('QA_PORT', '8000') + '/readyz', timeout=4)"]
ENTRYPOINT ["article-qa"]
CMD ["serve"]
