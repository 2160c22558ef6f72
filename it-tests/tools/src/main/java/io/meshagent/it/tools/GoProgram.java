package io.meshagent.it.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Go program of this project, built against the libraries that Debian packages, so that no Go
 * module proxy is needed. The compiler is the one on the PATH or comes from the same packages. What
 * was built is kept in the build directory until its source changes. Thread-safe.
 */
public final class GoProgram {

  /** Etcd's Go client and what it is made of, but for tests and for the server. */
  private static final List<String> LIBRARIES =
      List.of(
          "golang-etcd-server-dev",
          "golang-google-grpc-dev",
          "golang-google-genproto-dev",
          "golang-google-protobuf-dev",
          "golang-github-golang-protobuf-1-5-dev",
          "golang-github-gogo-protobuf-dev",
          "golang-github-google-uuid-dev",
          "golang-github-coreos-go-semver-dev",
          "golang-github-coreos-go-systemd-dev",
          "golang-github-coreos-pkg-dev",
          "golang-go.uber-zap-dev",
          "golang-go.uber-atomic-dev",
          "golang-go.uber-multierr-dev",
          "golang-golang-x-net-dev",
          "golang-golang-x-sys-dev",
          "golang-golang-x-text-dev");

  /** Debian 12 has etcd's client by the first name, Debian 13 by the second. */
  private static final String ETCD_3_4 = "go.etcd.io/etcd/clientv3";

  private static final String ETCD_3_5 = "go.etcd.io/etcd/client/v3";

  private final Tool built;
  private final String name;
  private final Path source;
  private final Path directory;

  /**
   * @param name of the program and of its directory in it-tests
   * @param environment where a user may say that it is built already
   */
  public GoProgram(String name, String environment) {
    this.built = new Tool(name, environment, "golang-etcd-server-dev");
    this.name = name;
    this.source = Places.root().resolve("it-tests").resolve(name);
    this.directory = Places.create(Places.target().resolve("tools/go"));
  }

  /** The program, built if need be. */
  public Path path() {
    return built.present().orElseGet(() -> Fetching.alone(this::build));
  }

  private Path build() {
    Path program = directory.resolve(name + "-" + hashOfSource());
    if (Files.isExecutable(program)) {
      return program;
    }
    if (!DebianPackage.possible()) {
      throw cant(
          "this system has no apt-get and dpkg, with which its libraries could be unpacked.");
    }
    Path libraries = directory.resolve("usr/share/gocode");
    if (!Files.isDirectory(libraries.resolve("src/go.etcd.io"))) {
      String tried = DebianPackage.unpack(LIBRARIES, directory);
      if (!Files.isDirectory(libraries.resolve("src/go.etcd.io"))) {
        throw cant(tried);
      }
    }
    Path unfinished = directory.resolve(name + "-unfinished");
    Commands.Result result =
        Commands.run(
            sourceFor(libraries),
            Map.of(
                "GO111MODULE", "off",
                "GOPATH", libraries.toString(),
                "GOCACHE", directory.resolve("cache").toString(),
                "GOFLAGS", "-buildvcs=false",
                "CGO_ENABLED", "0"),
            List.of(compiler().toString(), "build", "-o", unfinished.toString(), "."));
    if (!result.ok()) {
      throw cant("go build in it-tests/" + name + ", which said: " + result.tail());
    }
    try {
      return Files.move(unfinished, program, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy of the source, with etcd's packages under the names that these libraries have. */
  private Path sourceFor(Path libraries) {
    boolean newer = Files.isDirectory(libraries.resolve("src/go.etcd.io/etcd/client/v3"));
    Path copy = directory.resolve(name + "-source");
    Commands.deleteTree(copy);
    Places.create(copy);
    try {
      for (Path file : sourceFiles()) {
        String text = Files.readString(file);
        Files.writeString(
            copy.resolve(file.getFileName()), newer ? text.replace(ETCD_3_4, ETCD_3_5) : text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }

  private Path compiler() {
    return Commands.onPath("go").orElseGet(this::unpackedCompiler);
  }

  private Path unpackedCompiler() {
    List<String> packages = new ArrayList<>();
    // golang-go is but a name for the present release, whose two packages hold everything.
    for (String part : DebianPackage.needs("golang-go", directory)) {
      if (part.matches("golang-[0-9.]+-go")) {
        packages.add(part);
        packages.add(part.replaceFirst("-go$", "-src"));
      }
    }
    if (packages.isEmpty()) {
      throw cant("apt-cache depends golang-go, which names no release of Go.");
    }
    String release = packages.get(0).replaceFirst("^golang-(.*)-go$", "go-$1");
    Path go = directory.resolve("usr/lib").resolve(release).resolve("bin/go");
    if (!Files.isExecutable(go)) {
      String tried = DebianPackage.unpack(packages, directory);
      if (!Files.isExecutable(go)) {
        throw cant(tried);
      }
    }
    return go;
  }

  private IllegalStateException cant(String tried) {
    return new IllegalStateException(
        "The tests need the Go program it-tests/"
            + name
            + " and could not build it: build it elsewhere and set "
            + built.environment()
            + " to it. What was tried: "
            + tried);
  }

  private String hashOfSource() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : sourceFiles()) {
        digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private List<Path> sourceFiles() throws IOException {
    try (Stream<Path> files = Files.list(source)) {
      return files.filter(each -> each.toString().endsWith(".go")).sorted().toList();
    }
  }
}
