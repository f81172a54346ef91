# The operator's image, for docker and buildah. From the root of the repository:
#   docker build -t ghcr.io/modelfamily/operator:0.1.0 .
# or images/build, which also packages the operator beforehand; else that is done in here, and needs the network.
# Both images that it starts from can be replaced, such as by mirrors, or by those that images/build --base debian makes:
#   JDK_IMAGE   has a JDK 25 in JAVA_HOME, and a shell
#   BASE_IMAGE  has glibc, and needs nothing else
ARG JDK_IMAGE=docker.io/library/eclipse-temurin:25-jdk
ARG BASE_IMAGE=gcr.io/distroless/base-nossl-debian12:nonroot

FROM ${JDK_IMAGE} AS build
WORKDIR /src
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY trainer-image/pom.xml trainer-image/
COPY cli/pom.xml cli/
COPY e2e/pom.xml e2e/
COPY crds crds
COPY planner planner
COPY operator operator
COPY images images
RUN [ -f operator/target/quarkus-app/quarkus-run.jar ] \
    || ./mvnw -B -ntp -q package -pl operator -am -DskipTests -Dspotless.check.skip=true
# What the operator and its libraries use of Java; found with jdeps, and by running without the rest.
RUN jlink --output /opt/runtime --strip-java-debug-attributes --no-header-files --no-man-pages --compress=zip-6 --add-modules \
      java.base,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.rmi,java.security.jgss,java.sql,java.xml,jdk.crypto.ec,jdk.jfr,jdk.management,jdk.unsupported,jdk.zipfs \
    && cp -r operator/target/quarkus-app /opt/operator
RUN images/warm-up /opt/runtime/bin/java /opt/operator && chmod -R a+rX /opt/operator /opt/runtime

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="ModelFamily operator" \
      org.opencontainers.image.description="Turns one pre-trained language model into a family of smaller ones, as a Kubernetes resource" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/runtime /opt/runtime
COPY --from=build /opt/operator /opt/operator
WORKDIR /opt/operator
USER 65532:65532
# 8080: metrics and health; 8443: progress of stages, over TLS
EXPOSE 8080 8443
# Whatever does not fit the cache of classes, such as another collector in JAVA_TOOL_OPTIONS, only makes the start slower.
ENTRYPOINT ["/opt/runtime/bin/java", "-XX:AOTCache=operator.aot", "-Xlog:aot*=off", "-Xlog:cds*=off", "@java.args"]
