# Lilt, its model, and what renders tunes:
#
#   docker build -t lilt .
#   docker run --rm -v "$PWD:/work" --user "$(id -u):$(id -g)" lilt compose -o out
#   docker run --rm -p 127.0.0.1:5458:5458 lilt studio --address 0.0.0.0 --port 5458 --no-browser

FROM debian:12 AS build
COPY . /lilt
RUN /lilt/cmake/package.sh && mv /lilt/build/package/*.deb /

FROM debian:12-slim
COPY --from=build /lilt_*.deb /tmp/
RUN apt-get update && \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        /tmp/lilt_*.deb $(dpkg-deb --field /tmp/lilt_*.deb Recommends | tr -d ,) && \
    rm -rf /tmp/lilt_*.deb /var/lib/apt/lists/*
# The tune book lies in HOME.
ENV HOME=/work
WORKDIR /work
EXPOSE 5458
ENTRYPOINT ["lilt"]
CMD ["--help"]
